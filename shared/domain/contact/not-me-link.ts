/** The link in notices by which a person stops everything: a MAC over whose it is and when it left. It can only stop. */
import { sameDigest } from '../crypto/digest.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';

export interface NotMeLink {
  readonly locator: string;
  /** When the notice left; epoch milliseconds. */
  readonly at: number;
}

/** A week: notices are read after a holiday too. */
const linkLifetimeMilliseconds = 7 * 86_400_000;

const shape = /^([\w-]{22})\.([0-9a-z]{1,10})\.(\d{1,5})\.([\w-]{22})$/;

/** The text that stands in the link; it is stored nowhere. */
export function notMeToken({ locator, at }: NotMeLink, keyring: Keyring): string {
  const { current: key } = keyring;
  return [locator, at.toString(36), String(key), macOf({ locator, at }, key, keyring)].join('.');
}

/** `undefined` for what was forged, and for what is older than a week. */
export function readNotMeToken(token: string, now: number, keyring: Keyring): NotMeLink | undefined {
  const [, locator = '', time = '', version = '', mac = ''] = shape.exec(token) ?? [];
  const key = Number(version);
  const at = Number.parseInt(time, 36);
  if (locator === '' || !keyring.versions.includes(key)) return undefined;
  const link = { locator, at };
  if (!sameDigest(mac, macOf(link, key, keyring))) return undefined;
  return at > now - linkLifetimeMilliseconds ? link : undefined;
}

function macOf({ locator, at }: NotMeLink, key: number, keyring: Keyring): string {
  return hmac128(keyring.key('not-me', key), locator, String(at));
}
