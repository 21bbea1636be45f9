/** Storage for the token issuer that keeps nothing: its one grant issues JWTs, which need none. */
export const ephemeralAdapter = () => ({
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
});
