import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { isCurrency } from '../common/money/currency';
import { developmentSecret } from './development-secret';
import { type Mailbox, mailbox, smtpUrl } from './mail-settings';
import { StartupError } from './startup-error';
import { isWeakSecret } from './weak-secrets';

// What a describe() says stands in docs/configuration.md, which is made from the schema.
const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .describe('true or false');
const switchOnOff = z
  .enum(['on', 'off'])
  .transform((value) => value === 'on')
  .describe('on or off');
const origins = z
  .string()
  .transform(entriesOf)
  .refine((entries) => entries.every(isOrigin), 'must list exact origins such as https://shop.example, not *')
  .describe('origins with commas between');

function entriesOf(list: string): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function isOrigin(value: string): boolean {
  return /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function int(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
    .describe(`${min} to ${max}`);
}

const workers = z
  .string()
  .regex(/^(auto|[1-9]|[1-9]\d)$/, 'is neither auto nor a number from 1 to 99')
  .transform((value) => (value === 'auto' ? availableParallelism() : Number(value)))
  .describe('auto, or 1 to 99');

function urlOf(...protocols: string[]): z.ZodType<string, string> {
  const isAllowed = (value: string): boolean =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol);
  return z
    .string()
    .refine(isAllowed, `is not a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`)
    .describe(`a URL with ${protocols.map((p) => `${p}//`).join(' or ')}`);
}

const postgresUrls = z
  .string()
  .transform(entriesOf)
  .refine(
    (urls) => urls.every((url) => urlOf('postgres:', 'postgresql:').safeParse(url).success),
    'must list URLs that start with postgres:// or postgresql://',
  )
  .describe('URLs with postgres:// or postgresql://, with commas between');

/** An address that paths are appended to, so without a slash at its end. */
const baseUrl = z
  .string()
  .refine(
    (value) => /^https?:\/\/[^?#@\s]+$/.test(value) && URL.canParse(value),
    'is not an http or https address such as https://shop.example',
  )
  .transform((value) => new URL(value).href.replace(/\/+$/, ''))
  .describe('an address with http:// or https://');

/** Every setting of the program. Times are in the unit that the name ends with; limits are requests per minute. */
export const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: int(0, 65_535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  WORKERS: workers.default(1),
  PUBLIC_URL: baseUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  DATABASE_API_ROLE: z.string().max(63, 'is longer than 63 characters').optional(),
  DATABASE_REPLICA_URLS: postgresUrls.default([]),
  DATABASE_POOL_SIZE: int(1, 200).default(10),
  JOBS: switchOnOff.default(true),
  JOBS_CONCURRENCY: int(1, 100).default(5),
  EVENTS_RETENTION_DAYS: int(1, 3_650).default(30),
  AUDIT_RETENTION_DAYS: int(0, 36_500).default(0),
  WEBHOOKS_SECRET: z.string().min(32, 'is shorter than 32 characters').optional(),
  WEBHOOKS_TIMEOUT_MS: int(100, 30_000).default(10_000),
  WEBHOOKS_ALLOW_LOOPBACK: flag.optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ENDPOINT: baseUrl.optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PUBLIC_URL: baseUrl.optional(),
  REDIS_URL: urlOf('redis:', 'rediss:').optional(),
  STORE_NAME: z
    .string()
    .regex(/^[^\p{Cc}]{1,60}$/u, 'is not one line of at most 60 characters')
    .default('Cartwright'),
  APP_URL: baseUrl.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailbox.optional(),
  MAIL_REPLY_TO: mailbox.optional(),
  CACHE_TTL_SECONDS: int(1, 86_400).default(300),
  CACHE_MEMORY_MB: int(1, 10_000).default(64),
  CACHE_MAX_AGE_SECONDS: int(0, 3_600).default(30),
  JWT_SECRET: z.string().min(32, 'is shorter than 32 characters').optional(),
  JWT_SECRET_PREVIOUS: z.string().min(32, 'is shorter than 32 characters').optional(),
  JWT_ACCESS_TTL_SECONDS: int(60, 86_400).default(3600),
  REFRESH_IDLE_DAYS: int(1, 365).default(30),
  REFRESH_ABSOLUTE_DAYS: int(1, 730).default(90),
  BCRYPT_COST: int(4, 16).default(12),
  CORS_ORIGINS: origins.default([]),
  TRUST_PROXY: int(0, 10).default(0),
  RATE_LIMIT: switchOnOff.default(true),
  RATE_LIMIT_CATALOGUE: int(1, 1_000_000).default(300),
  RATE_LIMIT_CATALOGUE_USER: int(1, 1_000_000).default(600),
  RATE_LIMIT_ACCOUNT: int(1, 1_000_000).default(120),
  RATE_LIMIT_SIGN_IN: int(1, 1_000_000).default(30),
  RATE_LIMIT_SIGN_IN_ACCOUNT: int(1, 1_000_000).default(5),
  RATE_LIMIT_ACCOUNT_SIGN_IN: int(1, 1_000_000).default(10),
  RATE_LIMIT_PASSWORD: int(1, 1_000_000).default(5),
  RATE_LIMIT_MAIL_PER_HOUR: int(1, 1_000_000).default(3),
  RATE_LIMIT_REGISTER_PER_HOUR: int(1, 1_000_000).optional(),
  RATE_LIMIT_REFRESH: int(1, 1_000_000).default(60),
  RATE_LIMIT_REFRESH_SESSION: int(1, 1_000_000).default(10),
  RATE_LIMIT_CART: int(1, 1_000_000).default(60),
  RATE_LIMIT_GUEST: int(1, 1_000_000).default(300),
  RATE_LIMIT_GUEST_CARTS_PER_HOUR: int(1, 1_000_000).default(100),
  RATE_LIMIT_ORDERS: int(1, 1_000_000).default(10),
  RATE_LIMIT_STAFF: int(1, 1_000_000).default(120),
  RATE_LIMIT_IMAGES: int(1, 1_000_000).default(3000),
  EVENT_STREAM_HEARTBEAT_MS: int(10, 60_000).default(15_000),
  EVENT_STREAMS_PER_USER: int(1, 1_000).default(20),
  EVENT_STREAMS_MAX: int(1, 100_000).default(1_000),
  STORE_CURRENCY: z.string().refine(isCurrency, 'is not an ISO 4217 currency code').default('USD'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl.optional(),
  API_DOCS: flag.optional(),
  SHUTDOWN_DELAY_MS: int(0, 10_000).optional(),
  SEED_ADMIN_EMAIL: z.string().optional(),
  SEED_ADMIN_PASSWORD: z.string().optional(),
});

type Settings = z.output<typeof schema>;

export type Env = Readonly<
  Omit<
    Settings,
    | 'JWT_SECRET'
    | 'WEBHOOKS_ALLOW_LOOPBACK'
    | 'MAIL_FROM'
    | 'API_DOCS'
    | 'RATE_LIMIT_REGISTER_PER_HOUR'
    | 'SHUTDOWN_DELAY_MS'
  > & {
    JWT_SECRET: string;
    WEBHOOKS_ALLOW_LOOPBACK: boolean;
    MAIL_FROM: Mailbox;
    API_DOCS: boolean;
    RATE_LIMIT_REGISTER_PER_HOUR: number;
    SHUTDOWN_DELAY_MS: number;
  }
>;

/** Injection token of the frozen {@link Env}. */
export const ENV = Symbol('ENV');

/**
 * Reads the settings from the environment, and from the file `.env` where the environment is silent.
 * @throws StartupError naming every bad variable, never a value
 */
export function loadEnv(): Env {
  if (process.env.NODE_ENV !== 'test' && existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}

/** @throws StartupError naming every bad variable, never a value */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new StartupError(parsed.error.issues.map(describeIssue).join(' '));
  const settings = parsed.data;
  assertS3(settings);
  assertMail(settings);
  if (settings.NODE_ENV === 'production') assertProduction(settings);
  return Object.freeze({
    ...settings,
    DATA_DIR: path.resolve(settings.DATA_DIR),
    JWT_SECRET: settings.JWT_SECRET ?? developmentSecret(settings.DATA_DIR, settings.NODE_ENV),
    MAIL_FROM: { name: settings.STORE_NAME, ...(settings.MAIL_FROM ?? { address: 'shop@localhost' }) },
    ...settingsOfMode(settings),
  });
}

/** What has another default in production than in development. */
function settingsOfMode(
  settings: Settings,
): Pick<Env, 'API_DOCS' | 'WEBHOOKS_ALLOW_LOOPBACK' | 'RATE_LIMIT_REGISTER_PER_HOUR' | 'SHUTDOWN_DELAY_MS'> {
  const { NODE_ENV, API_DOCS, WEBHOOKS_ALLOW_LOOPBACK, RATE_LIMIT_REGISTER_PER_HOUR, SHUTDOWN_DELAY_MS } =
    settings;
  const isProduction = NODE_ENV === 'production';
  return {
    API_DOCS: API_DOCS ?? !isProduction,
    WEBHOOKS_ALLOW_LOOPBACK: WEBHOOKS_ALLOW_LOOPBACK ?? NODE_ENV === 'development',
    RATE_LIMIT_REGISTER_PER_HOUR: RATE_LIMIT_REGISTER_PER_HOUR ?? (isProduction ? 10 : 1000),
    SHUTDOWN_DELAY_MS: SHUTDOWN_DELAY_MS ?? (isProduction ? 3000 : 0),
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  switch (issue.code) {
    case 'invalid_value':
      return `${name} must be one of ${issue.values.map(String).join(', ')}.`;
    default:
      return `${name} ${issue.message}.`;
  }
}

/** A bucket that is half set up would keep the files on disk, or fail with the first upload. */
function assertS3(settings: Settings): void {
  const { S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_PUBLIC_URL } = settings;
  const needBucket = { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_PUBLIC_URL };
  const isAnyGiven = Object.values(needBucket).some((value) => value !== undefined);
  if (S3_BUCKET === undefined && isAnyGiven)
    throw new StartupError('S3_BUCKET is required beside other settings of S3.');
  if (S3_ACCESS_KEY_ID !== undefined && S3_SECRET_ACCESS_KEY === undefined)
    throw new StartupError('S3_SECRET_ACCESS_KEY is required beside S3_ACCESS_KEY_ID.');
  if (S3_SECRET_ACCESS_KEY !== undefined && S3_ACCESS_KEY_ID === undefined)
    throw new StartupError('S3_ACCESS_KEY_ID is required beside S3_SECRET_ACCESS_KEY.');
}

function assertMail({ SMTP_URL, MAIL_FROM }: Settings): void {
  if (SMTP_URL !== undefined && MAIL_FROM === undefined)
    throw new StartupError('MAIL_FROM is required beside SMTP_URL: the address that mails come from.');
}

/** What must hold before real customers are served. Names the variable, never its value. */
function assertProduction(settings: Settings): void {
  const problems = [
    !settings.DATABASE_URL &&
      'DATABASE_URL is required in production (the embedded database is for development).',
    !settings.JWT_SECRET && 'JWT_SECRET is required in production (32 random bytes or more).',
    weakness('JWT_SECRET', settings.JWT_SECRET),
    weakness('JWT_SECRET_PREVIOUS', settings.JWT_SECRET_PREVIOUS),
    weakness('WEBHOOKS_SECRET', settings.WEBHOOKS_SECRET),
    settings.WEBHOOKS_ALLOW_LOOPBACK &&
      'WEBHOOKS_ALLOW_LOOPBACK is for development, and refused in production.',
    repetition('JWT_SECRET_PREVIOUS', settings),
    repetition('WEBHOOKS_SECRET', settings),
    !settings.RATE_LIMIT && 'RATE_LIMIT cannot be off in production.',
    settings.BCRYPT_COST < 10 && 'BCRYPT_COST must be 10 or more in production.',
  ].filter((problem) => typeof problem === 'string');
  if (problems.length > 0) throw new StartupError(problems.join(' '));
}

function repetition(name: 'JWT_SECRET_PREVIOUS' | 'WEBHOOKS_SECRET', settings: Settings): string | false {
  const isSame = settings[name] !== undefined && settings[name] === settings.JWT_SECRET;
  return isSame && `${name} must not repeat JWT_SECRET.`;
}

function weakness(name: string, secret: string | undefined): string | false {
  return (
    secret !== undefined && isWeakSecret(secret) && `${name} is an example or too regular to be a secret.`
  );
}
