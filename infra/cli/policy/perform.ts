/** Does what an administrator asks of the policy. */
import { loadStage } from '../../configuration/stage.ts';
import { change } from './change.ts';
import { everyField, explained, stated } from './reading.ts';
import { settings } from './settings.ts';
import type { Place, Wish } from './wish.ts';

/** @returns what is printed. */
export function perform(wish: Wish): string {
  switch (wish.kind) {
    case 'overview': {
      const policy = policyAt(wish.place);
      return settings.map((setting) => `${setting.command}: ${stated(setting, policy)}`).join('\n');
    }
    case 'show':
      return everyField(policyAt(wish.place)).join('\n');
    case 'get':
      return stated(wish.setting, policyAt(wish.place));
    case 'explain':
      return explained(wish.setting, policyAt(wish.place));
    case 'change':
      return change(wish.changes, wish.place);
  }
}

const policyAt = ({ stage, folder }: Place) => loadStage(stage, { folder }).policy;
