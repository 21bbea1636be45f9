/** One request in an AWS JSON protocol, for the few that the local stack makes itself. */

/** @param service name in the credential scope. @param target operation as `X-Amz-Target` writes it. */
export async function ask(
  endpoint: string,
  service: string,
  version: '1.0' | '1.1',
  target: string,
  input: object,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      // The emulator looks at the form of a signature, never at its value.
      authorization: `AWS4-HMAC-SHA256 Credential=local/20250101/local/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  return { ok: answer.ok, text: await answer.text() };
}
