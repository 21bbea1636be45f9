/** Does what an administrator asks of the policy. */
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { policyVersion } from '../../../shared/domain/policy/policy-version.ts';
import { valueAt } from '../../configuration/paths.ts';
import { loadStage } from '../../configuration/stage.ts';
import type { Report } from '../report.ts';
import type { Place } from '../stage-file.ts';
import { change } from './change.ts';
import { everyField, explained, stated } from './reading.ts';
import { type Setting, settings } from './settings.ts';
import type { Wish } from './wish.ts';

export function perform(wish: Wish): Report {
  switch (wish.kind) {
    case 'overview': {
      const policy = policyAt(wish.place);
      return {
        text: settings.map((setting) => `${setting.command}: ${stated(setting, policy)}`).join('\n'),
        value: Object.fromEntries(settings.map((setting) => [setting.command, current(setting, policy)])),
      };
    }
    case 'show': {
      const policy = policyAt(wish.place);
      return { text: everyField(policy).join('\n'), value: { version: policyVersion(policy), policy } };
    }
    case 'get': {
      const policy = policyAt(wish.place);
      return { text: stated(wish.setting, policy), value: current(wish.setting, policy) };
    }
    case 'explain': {
      const { setting, place } = wish;
      const policy = policyAt(place);
      const value = { ...current(setting, policy), allowed: setting.values };
      return { text: explained(setting, policy), value };
    }
    case 'change':
      return change(wish.changes, wish.place);
  }
}

const policyAt = ({ stage, folder }: Place) => loadStage(stage, { folder }).policy;

function current({ field, toggle }: Setting, policy: Policy) {
  return {
    value: valueAt(policy, field),
    ...(toggle === undefined ? {} : { enabled: valueAt(policy, toggle) }),
  };
}
