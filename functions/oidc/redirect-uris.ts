/** Redirect URIs that are not compared letter by letter: those of this machine, in the local stack alone. */

/** Whether it is one of this machine's, whatever its port and path. */
export function isLoopback(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === 'localhost');
}
