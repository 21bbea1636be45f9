/** The private key of the development client `web-login-jwt`, which everybody may know, as `local` is a secret. */
import type { JWK } from 'jose';

export const developmentJwk: JWK = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MSMBs_8_w8xGaSn7ponVRx62DtJbGVtPhEI6GKHtZtE',
  y: 'DuZ0VVCaA6WwLxkOBUnrsFsGTcUHeS7UREO4hWH7TlM',
  d: '8UulE9XatemwpJ6VhFAGEfmFL3jR46e66D8zY6ONC38',
  alg: 'ES256',
  use: 'sig',
  kid: 'web-login-jwt',
};
