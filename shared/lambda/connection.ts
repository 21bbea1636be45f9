/** The ports of a function: made at cold start, and again with the next event if that failed. */

/** A dependency that was down at cold start must not keep the function down. */
export function connection<Ports>(connect: () => Promise<Ports>): () => Promise<Ports> {
  let connected: Promise<Ports> | undefined = connect();
  connected.catch(() => {
    connected = undefined;
  });
  return () => {
    connected ??= connect().catch((error) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
}
