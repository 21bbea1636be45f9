/** The discovery document (OpenID Connect Discovery 1.0 §3): what clients that push their request, and Entra ID, read. */
import { acrValues } from '../../shared/domain/assertion.ts';
import { languages } from '../../shared/domain/text/language.ts';

export function discoveryDocument(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oidc/authorize`,
    token_endpoint: `${issuer}/oidc/token`,
    pushed_authorization_request_endpoint: `${issuer}/oidc/par`,
    require_pushed_authorization_requests: true,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: ['openid'],
    // `id_token` by `form_post` is for the tenants of Entra ID alone; it asks to see them here.
    response_types_supported: ['code', 'id_token'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: clientSigningAlgorithms,
    code_challenge_methods_supported: ['S256'],
    acr_values_supported: acrValues,
    claim_types_supported: ['normal'],
    claims_supported: [
      ...['iss', 'sub', 'aud', 'iat', 'exp', 'nonce', 'auth_time', 'acr', 'amr', 'preferred_username'],
    ],
    ui_locales_supported: languages,
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}

/** Of a client's own assertion (RFC 7523), made with its private key. */
export const clientSigningAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
