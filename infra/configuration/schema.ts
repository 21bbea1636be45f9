/** The shape of a stage's configuration, and for every field the words that say what is allowed. */
import * as z from 'zod';
import { methods } from '../../shared/domain/policy/policy.ts';
import { readEmailAddress, readSender } from '../../shared/domain/text/email-address.ts';
import { languages } from '../../shared/domain/text/language.ts';
import { awsClients } from '../../shared/environment/variables.ts';
import { directoryConnection, entraTenant, signInClient, windowsGroup } from './door-schemas.ts';
import { country, flag, host, line, oneOf, text, wholeNumber } from './fields.ts';
import { policySchema } from './policy-schema.ts';
import { questionsSchema } from './questions.ts';
import { regions } from './regions.ts';

/** Those of `regions` in which Amazon Connect exists and a contact flow can be deployed. */
const connectRegions = [
  'af-south-1',
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-2',
  'us-east-1',
  'us-west-2',
] as const;

export const locales = languages;

const sharedAllowed = 'a whole number from 1 to 1000, or shared';
const sharedOrNumber = z.custom<number | 'shared'>(
  (given) => given === 'shared' || (Number.isInteger(given) && Number(given) >= 1 && Number(given) <= 1_000),
  { error: sharedAllowed },
);

const priceAllowed = 'a price in USD from 0.01 to 5';
const price = z
  .number({ error: priceAllowed })
  .min(0.01, { error: priceAllowed })
  .max(5, { error: priceAllowed });

/** SNS: up to 50 characters; what the registries give out is digits. */
const dltId = text('1 to 50 digits, as the registry (DLT) gave them', /^\d{1,50}$/);

const versionsAllowed = 'key versions without a repetition, the one in use first, for example [2, 1]';
const versions = z
  .array(
    z
      .int({ error: versionsAllowed })
      .min(1, { error: versionsAllowed })
      .max(65_535, { error: versionsAllowed }),
    {
      error: versionsAllowed,
    },
  )
  .min(1, { error: versionsAllowed })
  .refine((list) => new Set(list).size === list.length, {
    error: versionsAllowed,
  });

const addressAllowed = 'an email address, for example no-reply@example.com';
const emailAddress = z
  .string({ error: addressAllowed })
  .refine((text) => readEmailAddress(text) !== undefined, { error: addressAllowed });

const senderAllowed =
  'an email address, for example no-reply@example.com or Example Org <no-reply@example.com>';
const sender = z
  .string({ error: senderAllowed })
  .refine((text) => readSender(text) !== undefined, { error: senderAllowed });

const sameNamesAllowed = 'a list of at most 20 such as CORP\\ and @corp.example';
const sameName = text(
  'a domain with its backslash (CORP\\) or its at sign (@corp.example), 64 characters at most',
  /^(?:[^\s"/<>@\\]{1,63}\\|@[^\s"/<>@\\]{1,63})$/,
);

const pace = {
  perSecond: wholeNumber(1, 1_000).optional(),
  concurrency: wholeNumber(2, 200).optional(),
};

const frontAllowed = 'a list of one or two SHA-256 digests in 64 hexadecimal digits';
const setsAllowed = 'a list of 1 to 12 sets of methods';
const methodsAllowed = 'a list of SMS, Email and Call, each once';
const decoysSchema = z
  .array(
    z.strictObject({
      methods: z
        .array(z.enum(methods, { error: methodsAllowed }), { error: methodsAllowed })
        .min(1, { error: methodsAllowed })
        .refine((list) => new Set(list).size === list.length, { error: methodsAllowed }),
      weight: wholeNumber(1, 100),
      country: country.optional(),
      block: text(
        'a number in E.164 without its last three digits, for example +1202555',
        /^\+[1-9]\d{3,11}$/,
      ).optional(),
    }),
    { error: setsAllowed },
  )
  .min(1, { error: setsAllowed })
  .max(12, { error: setsAllowed });

export const stageSchema = z.strictObject({
  region: oneOf(regions),
  account: text('the 12 digits of an AWS account', /^\d{12}$/).optional(),
  rollout: oneOf(['at-once', 'canary']).optional(),
  validSince: z.iso.datetime({ error: 'a time in UTC, for example 2026-03-02T09:00:00Z' }).optional(),
  policy: policySchema.optional(),
  questions: questionsSchema(locales).optional(),
  organisation: z.strictObject({
    name: line(64),
    supportContact: line(128),
    defaultLocale: oneOf(locales),
    emailDomain: host,
    people: wholeNumber(1, 10_000_000).optional(),
  }),
  directory: z
    .strictObject({
      connections: z
        .array(directoryConnection, { error: 'a list of 1 to 5 connections' })
        .min(1, { error: 'a list of 1 to 5 connections' })
        .max(5, { error: 'a list of 1 to 5 connections' }),
      requestsPerSecond: wholeNumber(1, 10_000).optional(),
      burst: wholeNumber(1, 5_000).optional(),
      concurrency: wholeNumber(1, 1000).optional(),
    })
    .optional(),
  names: z
    .strictObject({
      same: z.array(sameName, { error: sameNamesAllowed }).max(20, { error: sameNamesAllowed }),
    })
    .optional(),
  decoys: decoysSchema.optional(),
  tokens: z.discriminatedUnion(
    'issuer',
    [
      z.strictObject({ issuer: z.literal('cognito') }),
      z.strictObject({
        issuer: z.literal('own'),
        issuerUrl: z.url({ error: 'an https URL, as in the issuer’s discovery document' }),
        audience: z
          .array(line(256), { error: 'a list of 1 to 50 audiences' })
          .min(1, { error: 'a list of 1 to 50 audiences' })
          .max(50, { error: 'a list of 1 to 50 audiences' }),
        clientIdClaim: text(
          'a claim’s name, for example client_id, azp, appid or cid',
          /^[A-Za-z0-9_:/.-]{1,64}$/,
        ).optional(),
        operatorClaim: text(
          'a claim’s name, for example preferred_username, or a template of claims, for example entra:{tid}:{oid}',
          /^(?:[A-Za-z0-9_:/.-]{1,64}|(?=[^{]*\{)(?:[A-Za-z0-9_:.@\\-]|\{[A-Za-z0-9_:/.-]{1,64}\}){1,200})$/,
        ).optional(),
      }),
    ],
    { error: 'one of cognito, own' },
  ),
  domain: z
    .strictObject({
      name: host,
      certificateArn: text(
        'the ARN of a certificate of ACM in the region of the stage',
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
      ),
    })
    .optional(),
  front: z
    .strictObject({
      name: host,
      secretSha256: z
        .array(text(frontAllowed, /^[0-9a-f]{64}$/), { error: frontAllowed })
        .min(1, { error: frontAllowed })
        .max(2, { error: frontAllowed }),
    })
    .optional(),
  api: z
    .strictObject({
      requestsPerSecond: wholeNumber(1, 10_000).optional(),
      burst: wholeNumber(1, 5_000).optional(),
    })
    .optional(),
  open: z
    .strictObject({
      requestsPerSecond: wholeNumber(1, 10_000).optional(),
      burst: wholeNumber(1, 5_000).optional(),
      concurrency: sharedOrNumber.optional(),
    })
    .optional(),
  table: z
    .strictObject({
      warmReads: wholeNumber(12_000, 1_000_000).optional(),
      warmWrites: wholeNumber(4_000, 1_000_000).optional(),
      mostReads: wholeNumber(100, 1_000_000).optional(),
      mostWrites: wholeNumber(100, 1_000_000).optional(),
    })
    .optional(),
  sms: z.strictObject({
    senderId: text(
      '3 to 11 letters and digits, one letter at least',
      /^(?=.*[A-Za-z])[A-Za-z0-9]{3,11}$/,
    ).optional(),
    originationNumber: text('a number in E.164, for example +12025550100', /^\+[1-9]\d{4,14}$/).optional(),
    maxPriceUsd: price,
    originHost: host.optional(),
    deliveryStatus: flag.optional(),
    india: z.strictObject({ entityId: dltId, templateId: dltId }).optional(),
  }),
  email: z.strictObject({
    from: sender,
    configurationSet: text('1 to 64 letters, digits, - and _', /^[A-Za-z0-9_-]{1,64}$/).optional(),
  }),
  voice: z
    .strictObject({
      region: oneOf(connectRegions),
      instanceId: z.uuid({ error: 'the id of a Connect instance, a UUID' }),
      queueId: z.uuid({ error: 'the id of a Connect queue, a UUID' }).optional(),
      sourcePhoneNumber: text('a number in E.164, for example +12025550100', /^\+[1-9]\d{4,14}$/).optional(),
      maxPriceUsd: price.optional(),
    })
    .optional(),
  delivery: z
    .strictObject({
      sms: z.strictObject(pace).optional(),
      email: z.strictObject(pace).optional(),
      notice: z.strictObject(pace).optional(),
      call: z.strictObject({ ...pace, atOnce: wholeNumber(1, 500).optional() }).optional(),
      reserved: flag.optional(),
    })
    .optional(),
  oidc: z
    .strictObject({
      clients: z
        .array(signInClient, { error: 'a list of 1 to 10 clients' })
        .min(1, { error: 'a list of 1 to 10 clients' })
        .max(10, { error: 'a list of 1 to 10 clients' }),
    })
    .optional(),
  entra: z
    .strictObject({
      tenants: z
        .array(entraTenant, { error: 'a list of 1 to 5 tenants' })
        .min(1, { error: 'a list of 1 to 5 tenants' })
        .max(5, { error: 'a list of 1 to 5 tenants' }),
    })
    .optional(),
  branding: z
    .strictObject({
      colour: text('a colour as #rrggbb', /^#[0-9a-fA-F]{6}$/).optional(),
      logo: text(
        'an SVG or PNG image as a data: URI of at most 1,000 characters',
        /^(?=.{1,1000}$)data:image\/(?:svg\+xml|png);base64,[A-Za-z0-9+/]+={0,2}$/,
      ).optional(),
    })
    .optional(),
  windows: z
    .strictObject({
      groups: z
        .array(windowsGroup, { error: 'a list of 1 to 8 groups' })
        .min(1, { error: 'a list of 1 to 8 groups' })
        .max(8, { error: 'a list of 1 to 8 groups' }),
      requestsPerSecond: wholeNumber(1, 10_000).optional(),
      burst: wholeNumber(1, 5_000).optional(),
      concurrency: wholeNumber(1, 1_000).optional(),
    })
    .optional(),
  keys: z.strictObject({
    pepper: z.strictObject({ versions }),
    signing: z.strictObject({ versions, rsa2048: versions.optional() }),
    state: z.strictObject({ versions }).optional(),
  }),
  alarms: z.strictObject({
    email: emailAddress.optional(),
    smsMonthlyUsd: wholeNumber(1, 1_000_000).optional(),
  }),
  awsClient: oneOf(awsClients).optional(),
});

export type StageConfiguration = z.infer<typeof stageSchema>;
