/** What in a stage is worth a warning, and no reason to stop. */
import { foldUserId } from '../../shared/domain/identifiers/user-id.ts';
import { readSender } from '../../shared/domain/text/email-address.ts';
import { leftUnreserved, setAsideBy, sumOf } from './concurrency.ts';
import { isNamedInLog } from './logged-claim.ts';
import { ownLimitFields, ownLimitsWarning } from './own-limits.ts';
import type { Candidate } from './rules.ts';

export interface Warning {
  /** What it is about: a change of anything else is no occasion to repeat it. */
  readonly fields: readonly [string, ...string[]];
  readonly message: string;
}

/** @param stage without faults. */
export function warningsOf(stage: Candidate): Warning[] {
  return [
    weakRecovery(stage),
    fallbackOff(stage),
    choiceOfNothing(stage),
    nobodysDomain(stage),
    narrowLimits(stage),
    newAccount(stage),
    unloggedClient(stage),
    severalDomains(stage),
  ].filter((warning) => warning !== undefined);
}

function narrowLimits({
  name,
  policy,
  configuration: { organisation, sms },
}: Candidate): Warning | undefined {
  if (name === 'local' || policy.mode === 'DirectFidoAuth' || sms === undefined) return undefined;
  const message = ownLimitsWarning(policy, sms.maxPriceUsd, organisation?.people);
  return message === undefined ? undefined : { fields: ownLimitFields, message };
}

/** The first deployment to a new account ends with Lambda's refusal, after a quarter of an hour of making and undoing. */
function newAccount({ name, configuration }: Candidate): Warning | undefined {
  const { open } = configuration;
  if (name === 'local' || open?.concurrency !== undefined) return undefined;
  const aside = sumOf(setAsideBy(configuration));
  return {
    fields: ['open.concurrency'],
    message:
      `open.concurrency is not named, so the stage sets ${aside} of the account's concurrent functions aside, and ` +
      `Lambda refuses that below a quota of ${aside + leftUnreserved}. A new account has 10: name "shared" until its quota ` +
      'is raised. A number, such as 20, ends this warning.',
  };
}

function unloggedClient({ configuration: { tokens } }: Candidate): Warning | undefined {
  const claim = tokens?.issuer === 'own' ? tokens.clientIdClaim : undefined;
  if (claim === undefined || isNamedInLog(claim)) return undefined;
  return {
    fields: ['tokens.clientIdClaim'],
    message:
      `tokens.clientIdClaim is "${claim}", which no variable of API Gateway's access log can name: the log has no client. ` +
      'A claim of letters, digits, _ and - alone is logged.',
  };
}

/** Endings are not looked at: one domain often has several. */
function severalDomains({ configuration: { names } }: Candidate): Warning | undefined {
  const beforeNames = (names?.same ?? []).filter((part) => part.endsWith('\\'));
  const domains = new Map(beforeNames.map((part) => [foldUserId(part), part]));
  if (domains.size < 2) return undefined;
  return {
    fields: ['names.same'],
    message:
      `names.same has ${[...domains.values()].join(', ')}: names of several account domains become one name, of one ` +
      'person. Keep those of one domain alone, unless all of these are its names.',
  };
}

function weakRecovery({ policy: { forgotPhone } }: Candidate): Warning | undefined {
  if (!forgotPhone.enabled || forgotPhone.method !== 'kba') return undefined;
  return {
    fields: ['policy.forgotPhone.method', 'policy.forgotPhone.enabled'],
    message:
      'policy.forgotPhone.method is "kba": answers to questions that others may know or find are all it takes. ' +
      'kba+otp-alternate-email is stronger.',
  };
}

function fallbackOff({ policy: { mode, forgotPhone, securityCodes } }: Candidate): Warning | undefined {
  const set = [
    ...(forgotPhone.enabled ? ['policy.forgotPhone'] : []),
    ...(securityCodes === 'none' ? [] : ['policy.securityCodes']),
  ];
  if (mode !== 'DirectFidoAuth' || set.length === 0) return undefined;
  return {
    fields: [
      'policy.mode',
      'policy.forgotPhone.enabled',
      'policy.forgotPhone.method',
      'policy.forgotPhone.usersSelect',
      'policy.securityCodes',
    ],
    message: `policy.mode is "DirectFidoAuth", which offers no fallback: ${set.join(' and ')} ${set.length === 1 ? 'has' : 'have'} no effect.`,
  };
}

function choiceOfNothing({ policy: { forgotPhone } }: Candidate): Warning | undefined {
  if (forgotPhone.enabled || !forgotPhone.usersSelect) return undefined;
  return {
    // Not `enabled`: who switches recovery off keeps the rest for later.
    fields: ['policy.forgotPhone.usersSelect'],
    message:
      'policy.forgotPhone.usersSelect has no effect while policy.forgotPhone.enabled is false: there is nothing to choose from.',
  };
}

/** RFC 2606 §3: names for examples, of which the stages that come with the project are made. */
const forExamples = /(^|[@.])example\.(com|net|org)$/;

function nobodysDomain({ name, configuration }: Candidate): Warning | undefined {
  const { email, organisation, sms } = configuration;
  const given = {
    'organisation.emailDomain': organisation?.emailDomain,
    'sms.originHost': sms?.originHost,
    'email.from': email && readSender(email.from)?.address,
  };
  const [first, ...others] = Object.entries(given)
    .filter(([, value]) => value !== undefined && forExamples.test(value))
    .map(([field]) => field);
  if (name === 'local' || first === undefined) return undefined;
  const fields = [first, ...others] as const;
  const stated = others.length === 0 ? `${first} is` : `${fields.join(', ')} are`;
  return { fields, message: `${stated} of a domain for examples, from which nobody can send. Use your own.` };
}
