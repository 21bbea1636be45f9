/** Access key ids: each role signs with one of its own, and the stack itself with the administrator's. */

/** Signs what the stack does by itself, such as making tables. Nothing of it is judged. */
export const administratorKey = 'local';

const prefix = `${administratorKey}-`;

/** @param roleId logical id of the role. */
export function accessKeyOf(roleId: string): string {
  return `${prefix}${roleId}`;
}

export interface Credential {
  readonly accessKey: string;
  /** Region that the request is signed for, which is the one of the endpoint that the client meant. */
  readonly region: string;
}

/** @param authorization header whose form has been looked at. */
export function credentialOf(authorization = ''): Credential {
  const [, accessKey = '', region = ''] =
    /Credential=([^/\s]+)\/\d{8}\/([a-z0-9-]+)\//.exec(authorization) ?? [];
  return { accessKey, region };
}

/** @returns the role's logical id, undefined for a key that no role has. */
export function roleOfKey(accessKey: string): string | undefined {
  return accessKey.startsWith(prefix) ? accessKey.slice(prefix.length) : undefined;
}
