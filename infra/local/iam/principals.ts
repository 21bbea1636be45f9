/** Whom a statement of a resource's policy is about. */
import { type Refuse, textsOf } from './conditions.ts';

/** Who asks: a role of this account, or a service of AWS. */
export type Asker =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

/** `named`: this one, or everybody. `account`: the account that it belongs to, which then decides by its own policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export type Principals = (asker: Asker) => 'named' | 'account' | undefined;

const accountForm = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/;
/** AWS takes no wildcard in a name. */
const serviceForm = /^[a-z0-9.-]+$/;
const roleForm = /^arn:aws[a-z-]*:iam::\d{12}:role\/[^*?]+$/;

export function readPrincipals(value: unknown, refuse: Refuse): Principals {
  if (value === '*') return () => 'named';
  if (value === null || typeof value !== 'object') return refuse(`the principal ${JSON.stringify(value)}`);
  const { AWS, Service, ...rest } = value as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return refuse(`principals of the kind ${unknown}`);
  if (AWS === undefined && Service === undefined) return refuse('a Principal that is nobody');
  const services = Service === undefined ? [] : textsOf(Service, refuse);
  const identities = AWS === undefined ? [] : textsOf(AWS, refuse);
  const pattern = services.find((text) => !serviceForm.test(text));
  if (pattern !== undefined) return refuse(`the principal ${pattern}`);
  const wrong = identities.find((text) => text !== '*' && !accountForm.test(text) && !roleForm.test(text));
  if (wrong !== undefined) return refuse(`the principal ${wrong}`);
  const accounts = identities.map((text) => accountForm.exec(text)?.[1]);
  return (asker) => {
    if (identities.includes('*')) return 'named';
    if (asker.kind === 'service') return services.includes(asker.name) ? 'named' : undefined;
    if (identities.includes(asker.arn)) return 'named';
    return accounts.includes(asker.account) ? 'account' : undefined;
  };
}
