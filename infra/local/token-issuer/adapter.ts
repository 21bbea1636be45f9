/** Storage for the token issuer that keeps nothing: JWT access tokens need none, and no other grant is offered. */
export const ephemeralAdapter = () => ({
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
});
