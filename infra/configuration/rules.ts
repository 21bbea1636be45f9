/** Rules that span several fields of a stage. */

import type { ListedQuestion } from '../../shared/domain/kba/question-list.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { policySizeProblem } from './environment-size.ts';
import { paceProblems } from './paces.ts';
import { type ConfigurationProblem, refusal } from './problems.ts';
import { questionProblems } from './questions.ts';
import type { StageConfiguration } from './schema.ts';
import { sharedEndingProblem } from './shared-endings.ts';
import { clientProblems, doorSizeProblem, tenantProblems } from './sign-in-rules.ts';
import { groupsSizeProblem, repeatedGroupProblem } from './windows-rules.ts';

/** A stage whose fields may be faulty: a rule reads only those it names in `needs`. */
export interface Candidate {
  readonly name: string;
  readonly configuration: Partial<Omit<StageConfiguration, 'policy'>>;
  readonly policy: Policy;
}

interface Rule {
  /** The rule is silent while one of these fields, or a part of one, is faulty by itself. */
  readonly needs: readonly string[];
  readonly check: (
    candidate: Candidate,
  ) => ConfigurationProblem | readonly ConfigurationProblem[] | undefined;
}

type Group = 'lockout' | 'sends' | 'breaker';

/** @param off a value that switches the field off, and is no smaller one. */
function atLeast<G extends Group>(
  group: G,
  field: keyof Policy[G],
  least: keyof Policy[G],
  off?: number,
): Rule {
  const path = (name: keyof Policy[G]) => `policy.${group}.${String(name)}`;
  return {
    needs: [path(field), path(least)],
    check({ policy }) {
      const value = policy[group][field] as number;
      const bound = policy[group][least] as number;
      if (value >= bound || value === off) return undefined;
      return { field: path(field), message: refusal(value, `at least ${String(least)}, which is ${bound}`) };
    },
  };
}

/** The stack's name ends in the stage's, and CloudFormation takes no other characters in it. */
export const stageName = /^[a-z][a-z0-9-]*$/;

/**
 * With Cognito the domain is `mfa-fallback-<stage>-<account>`, whose prefix has at most 63 characters (CreateUserPoolDomain
 * in Cognito's API reference). The state machine's name would bear 59.
 */
const longestName = 63 - 'mfa-fallback-'.length - '-'.length - 12;
/** What Cognito takes in no domain's prefix. */
const reservedWords = ['aws', 'amazon', 'cognito'];

const rules: readonly Rule[] = [
  {
    needs: ['directory'],
    check({ configuration: { directory } }) {
      const { connections = [] } = directory ?? {};
      const open = connections.findIndex(({ userNameEndings }) => userNameEndings === undefined);
      const names = connections.map(({ name }) => name);
      const twice = names.findIndex((name, at) => names.indexOf(name) < at);
      if (twice >= 0)
        return { field: `directory.connections.${twice}.name`, message: 'another connection has this name' };
      for (const field of ['tokenSha256', 'clientId'] as const) {
        const values = connections.map((connection) => connection[field]);
        const same = values.findIndex((value, at) => value !== undefined && values.indexOf(value) < at);
        if (same >= 0)
          return {
            field: `directory.connections.${same}.${field}`,
            message: 'another connection has it too',
          };
      }
      if (connections.length < 2 || open < 0) return undefined;
      const field = `directory.connections.${open}.userNameEndings`;
      return { field, message: refusal(undefined, 'endings, so that no connection gives names of another') };
    },
  },
  {
    needs: ['directory', 'names'],
    check: ({ configuration: { directory, names } }) =>
      sharedEndingProblem(directory?.connections ?? [], names?.same ?? []),
  },
  {
    needs: ['windows.groups'],
    check: ({ configuration: { windows } }) => windows && repeatedGroupProblem(windows.groups),
  },
  {
    needs: ['windows.groups', 'policy', 'keys', 'organisation', 'decoys'],
    check({ policy, configuration: { windows, keys, organisation, decoys } }) {
      if (windows === undefined || keys === undefined || organisation === undefined) return undefined;
      const pepper = keys.pepper.versions.length;
      return groupsSizeProblem(windows.groups, { policy, pepper, organisation, decoys });
    },
  },
  {
    needs: ['stage'],
    check({ name }) {
      if (stageName.test(name)) return undefined;
      return {
        field: 'stage',
        message: refusal(name, 'lower-case letters, digits and hyphens, a letter first'),
      };
    },
  },
  {
    needs: ['stage'],
    check({ name }) {
      if (name.length <= longestName) return undefined;
      return { field: 'stage', message: refusal(name, `at most ${longestName} characters`) };
    },
  },
  {
    needs: ['stage', 'tokens'],
    check({ name, configuration: { tokens } }) {
      if (tokens?.issuer !== 'cognito' || !reservedWords.some((word) => name.includes(word)))
        return undefined;
      const allowed = `a name without ${reservedWords.join(', ')}: Cognito takes none of them in a domain`;
      return { field: 'stage', message: refusal(name, allowed) };
    },
  },
  atLeast('lockout', 'longestWaitSeconds', 'firstWaitSeconds'),
  atLeast('lockout', 'attemptsBeforeStop', 'attemptsBeforeWait'),
  atLeast('sends', 'perHour', 'perTenMinutes'),
  atLeast('sends', 'perDay', 'perHour'),
  atLeast('breaker', 'emailBelowPercent', 'stopBelowPercent', 0), // a lower one would never come before the stop
  {
    needs: ['policy.sends.gapsSeconds'],
    check({ policy: { sends } }) {
      const { gapsSeconds } = sends;
      if (gapsSeconds.every((gap, at) => at === 0 || gap >= (gapsSeconds[at - 1] as number)))
        return undefined;
      const message = refusal(gapsSeconds, 'gaps that never shrink, for example [30,60,120]');
      return { field: 'policy.sends.gapsSeconds', message };
    },
  },
  {
    needs: ['policy.sends.gapsSeconds', 'policy.otp.lifetimeSeconds'],
    check({ policy: { sends, otp } }) {
      if ((sends.gapsSeconds[0] as number) < otp.lifetimeSeconds) return undefined;
      const allowed = `a first gap shorter than otp.lifetimeSeconds, which is ${otp.lifetimeSeconds}`;
      return { field: 'policy.sends.gapsSeconds', message: refusal(sends.gapsSeconds, allowed) };
    },
  },
  {
    needs: ['policy.sends.countries', 'sms'],
    check({ policy, configuration: { sms } }) {
      if (sms === undefined || sms.india !== undefined || !policy.sends.countries.includes('IN'))
        return undefined;
      const message =
        'it is missing; use the entityId and the templateId that India asks of senders, ' +
        'or take IN out of policy.sends.countries';
      return { field: 'sms.india', message };
    },
  },
  {
    needs: ['policy.mfaMethod'],
    check({ policy, configuration }) {
      if (policy.mfaMethod !== 'Call' || configuration.voice !== undefined) return undefined;
      const message = refusal('Call', 'All, SMS or Email, or configure voice: calls need Amazon Connect');
      return { field: 'policy.mfaMethod', message };
    },
  },
  {
    needs: ['tokens'],
    check({ name, configuration: { tokens } }) {
      if (tokens?.issuer !== 'own') return undefined;
      const { protocol, hostname } = new URL(tokens.issuerUrl);
      if (protocol === 'https:') return undefined;
      if (name === 'local' && protocol === 'http:' && hostname === '127.0.0.1') return undefined;
      const allowed = name === 'local' ? 'an https URL, or http://127.0.0.1' : 'an https URL';
      return { field: 'tokens.issuerUrl', message: refusal(tokens.issuerUrl, allowed) };
    },
  },
  {
    needs: ['policy.helpDesk.secondOperator', 'tokens'],
    check({ name, policy, configuration: { tokens } }) {
      const { secondOperator } = policy.helpDesk;
      if (secondOperator === 'off' || tokens === undefined || name === 'local') return undefined;
      if (tokens.issuer === 'own' && tokens.operatorClaim !== undefined) return undefined;
      const allowed = 'off, or set tokens.operatorClaim: without it one client could write both names';
      return { field: 'policy.helpDesk.secondOperator', message: refusal(secondOperator, allowed) };
    },
  },
  {
    needs: ['domain', 'region'],
    check({ configuration: { domain, region } }) {
      if (domain === undefined || domain.certificateArn.split(':')[3] === region) return undefined;
      const allowed = `a certificate in ${region}, the region of the stage`;
      return { field: 'domain.certificateArn', message: refusal(domain.certificateArn, allowed) };
    },
  },
  {
    needs: ['voice'],
    check({ configuration: { voice } }) {
      if (voice === undefined) return undefined;
      if ((voice.queueId === undefined) !== (voice.sourcePhoneNumber === undefined)) return undefined;
      const given = voice.queueId === undefined ? 'neither is' : 'both are';
      return { field: 'voice', message: `${given} given; use either queueId or sourcePhoneNumber` };
    },
  },
  {
    needs: ['delivery'],
    check: ({ configuration: { delivery } }) => delivery && paceProblems(delivery),
  },
  {
    needs: ['keys.signing'],
    check({ configuration: { keys } }) {
      if (keys === undefined) return undefined;
      const { versions, rsa2048 = [] } = keys.signing;
      if (rsa2048.every((version) => versions.includes(version))) return undefined;
      const allowed = `versions of keys.signing.versions, which is ${JSON.stringify(versions)}`;
      return { field: 'keys.signing.rsa2048', message: refusal(rsa2048, allowed) };
    },
  },
  {
    needs: ['voice.region', 'region'],
    check({ configuration: { voice, region } }) {
      if (voice === undefined || voice.region === region) return undefined;
      const allowed = `the stage's own region, ${region}: the contact flow is part of the stack`;
      return { field: 'voice.region', message: refusal(voice.region, allowed) };
    },
  },
  {
    needs: ['decoys', 'policy.sends.countries'],
    check({ policy, configuration: { decoys = [] } }) {
      const { countries } = policy.sends;
      const place = decoys.findIndex(({ country }) => country !== undefined && !countries.includes(country));
      if (place < 0) return undefined;
      const allowed = `one of policy.sends.countries, ${countries.join(', ')}: no other gets a message`;
      return { field: `decoys[${place}].country`, message: refusal(decoys[place]?.country, allowed) };
    },
  },
  {
    needs: ['stage', 'oidc'],
    check: ({ name, configuration: { oidc } }) => oidc && clientProblems(oidc.clients, name),
  },
  {
    needs: ['stage', 'entra'],
    check: ({ name, configuration: { entra } }) => entra && tenantProblems(entra.tenants, name),
  },
  {
    needs: ['policy', 'keys', 'organisation', 'oidc', 'entra', 'branding'],
    check: ({ policy, configuration }) => doorSizeProblem(policy, configuration),
  },
  {
    needs: ['policy', 'keys', 'organisation', 'sms', 'email', 'voice', 'decoys', 'validSince'],
    check({ policy, configuration: { keys, organisation, sms, email, voice, decoys: sets, validSince } }) {
      if (!keys || !organisation || !sms || !email) return undefined;
      const decoys = sets && JSON.stringify(sets);
      return policySizeProblem(policy, { keys, organisation, sms, email, voice, decoys, validSince });
    },
  },
  {
    needs: ['questions', 'policy', 'organisation.defaultLocale', 'keys'],
    check({ policy, configuration: { questions, organisation, keys } }) {
      if (questions === undefined || organisation === undefined || keys === undefined) return undefined;
      const keyVersions = [keys.pepper, keys.signing, keys.state].reduce(
        (sum, each) => sum + (each?.versions.length ?? 1),
        0,
      );
      const { defaultLocale } = organisation;
      return questionProblems(questions as readonly ListedQuestion[], { policy, defaultLocale, keyVersions });
    },
  },
];

/** @param faulty fields that are already known to be wrong. */
export function ruleProblems(candidate: Candidate, faulty: readonly string[]): ConfigurationProblem[] {
  const overlaps = (one: string, other: string) => `${one}.`.startsWith(`${other}.`);
  const isFaulty = (need: string) =>
    faulty.some((field) => field === '(the file)' || overlaps(need, field) || overlaps(field, need));
  return rules.filter(({ needs }) => !needs.some(isFaulty)).flatMap(({ check }) => check(candidate) ?? []);
}
