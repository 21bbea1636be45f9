/**
 * The settings of a deployment as its types, for whoever writes them in code.
 *
 * Every field says in docs/stage.md and docs/policy.md what is allowed and what stands in for it. A test holds that these
 * are the fields of the schema.
 */
import type { Method, Policy } from '../../shared/domain/policy/policy.ts';
import type { Language } from '../../shared/domain/text/language.ts';

/** Whatever is left out has its default. */
type Partly<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T;

type Mode = Policy['mode'];

/** Who issues access tokens: a pool that is made, or an issuer that you have. */
export type TokenSettings =
  | { readonly issuer: 'cognito' }
  | {
      readonly issuer: 'own';
      /** `iss`, to the letter. */
      readonly issuerUrl: string;
      readonly audience: readonly string[];
      readonly clientIdClaim?: string | undefined;
      readonly operatorClaim?: string | undefined;
    };

export interface VoiceSettings {
  /** The stack's own. */
  readonly region:
    | 'af-south-1'
    | 'ap-northeast-1'
    | 'ap-southeast-1'
    | 'ap-southeast-2'
    | 'ca-central-1'
    | 'eu-central-1'
    | 'eu-west-2'
    | 'us-east-1'
    | 'us-west-2';
  readonly instanceId: string;
  /** Either this or `sourcePhoneNumber`. */
  readonly queueId?: string | undefined;
  readonly sourcePhoneNumber?: string | undefined;
  readonly maxPriceUsd?: number | undefined;
}

export interface SignInClientSettings {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly secretSha256?: string | undefined;
  readonly jwks?:
    | { readonly keys: readonly { readonly kty: string; readonly [member: string]: unknown }[] }
    | undefined;
  readonly jwksUrl?: string | undefined;
}

export interface EntraTenantSettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly applicationId: string;
  readonly redirectUri?: string | undefined;
  readonly email?: boolean | undefined;
  readonly authority?: string | undefined;
}

export interface DirectoryConnectionSettings {
  readonly name: string;
  readonly tokenSha256: string;
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly userNameEndings?: readonly string[] | undefined;
}

export interface QuestionSettings {
  readonly id: string;
  readonly text?: { readonly [L in Language]?: string | undefined } | undefined;
  readonly retired?: true | undefined;
}

export interface DecoySettings {
  readonly methods: readonly Method[];
  readonly weight: number;
  readonly country?: string | undefined;
  readonly block?: string | undefined;
}

export interface WindowsGroupSettings {
  readonly name: string;
  readonly mode: Mode;
  readonly keys: readonly string[];
}

/** How fast a queue's messages leave. */
export interface PaceSettings {
  readonly perSecond?: number | undefined;
  /** Batches at the same time. */
  readonly concurrency?: number | undefined;
}

export interface DeliverySettings {
  readonly sms?: PaceSettings | undefined;
  readonly email?: PaceSettings | undefined;
  readonly notice?: PaceSettings | undefined;
  readonly call?: (PaceSettings & { readonly atOnce?: number | undefined }) | undefined;
  /** Concurrency of the functions that deliver, kept from all others. */
  readonly reserved?: boolean | undefined;
}

/** The versions of a key, the one in use first. */
interface KeyVersions {
  readonly versions: readonly number[];
}

export interface FallbackSettings {
  readonly policy?: Partly<Policy> | undefined;
  readonly questions?: readonly QuestionSettings[] | undefined;
  readonly organisation: {
    readonly name: string;
    readonly supportContact: string;
    readonly defaultLocale: Language;
    readonly emailDomain: string;
    readonly people?: number | undefined;
  };
  readonly directory?:
    | {
        readonly connections: readonly DirectoryConnectionSettings[];
        readonly requestsPerSecond?: number | undefined;
        readonly burst?: number | undefined;
        readonly concurrency?: number | undefined;
      }
    | undefined;
  readonly rollout?: 'at-once' | 'canary' | undefined;
  readonly validSince?: string | undefined;
  readonly names?: { readonly same: readonly string[] } | undefined;
  readonly decoys?: readonly DecoySettings[] | undefined;
  readonly tokens: TokenSettings;
  /** Made here, of a certificate that you have. */
  readonly domain?: { readonly name: string; readonly certificateArn: string } | undefined;
  /** What stands in front of the API, for example CloudFront with a WAF. */
  readonly front?: { readonly name: string; readonly secretSha256: readonly string[] } | undefined;
  readonly api?:
    | { readonly requestsPerSecond?: number | undefined; readonly burst?: number | undefined }
    | undefined;
  /** Routes without an access token. */
  readonly open?:
    | {
        readonly requestsPerSecond?: number | undefined;
        readonly burst?: number | undefined;
        readonly concurrency?: number | 'shared' | undefined;
      }
    | undefined;
  readonly table?:
    | {
        readonly warmReads?: number | undefined;
        readonly warmWrites?: number | undefined;
        readonly mostReads?: number | undefined;
        readonly mostWrites?: number | undefined;
      }
    | undefined;
  readonly sms: {
    readonly senderId?: string | undefined;
    readonly originationNumber?: string | undefined;
    readonly maxPriceUsd: number;
    readonly originHost?: string | undefined;
    /** In one stack of an account and region. */
    readonly deliveryStatus?: boolean | undefined;
    readonly india?: { readonly entityId: string; readonly templateId: string } | undefined;
  };
  readonly email: { readonly from: string; readonly configurationSet?: string | undefined };
  /** Your Amazon Connect instance; without one there are no calls. */
  readonly voice?: VoiceSettings | undefined;
  readonly delivery?: DeliverySettings | undefined;
  readonly oidc?: { readonly clients: readonly SignInClientSettings[] } | undefined;
  readonly entra?: { readonly tenants: readonly EntraTenantSettings[] } | undefined;
  readonly branding?:
    | { readonly colour?: string | undefined; readonly logo?: string | undefined }
    | undefined;
  readonly windows?:
    | {
        readonly groups: readonly WindowsGroupSettings[];
        readonly requestsPerSecond?: number | undefined;
        readonly burst?: number | undefined;
        readonly concurrency?: number | undefined;
      }
    | undefined;
  readonly keys: {
    readonly pepper: KeyVersions;
    readonly signing: KeyVersions & { readonly rsa2048?: readonly number[] | undefined };
    readonly state?: KeyVersions | undefined;
  };
  readonly alarms: {
    readonly email?: string | undefined;
    /** Of the month so far, over the whole account. */
    readonly smsMonthlyUsd?: number | undefined;
  };
  readonly awsClient?: 'trimmed' | 'stock' | undefined;
}
