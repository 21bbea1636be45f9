/** What the package hands out as `mfa-fallback/construct`. */
export { MfaFallback, type MfaFallbackProps } from './mfa-fallback.ts';
export type { CodeOf, OwnKeys, OwnParts } from './own-parts.ts';
export type { FallbackSettings } from './settings.ts';
