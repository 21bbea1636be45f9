/** Redirect URIs of this machine, which the local stack alone accepts whatever their port and path. */

/** Whether it is one of this machine's, whatever its port and path. */
export function isLoopback(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === 'localhost');
}
