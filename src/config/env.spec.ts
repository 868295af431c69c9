import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from './env';
import { StartupError } from './startup-error';

const STRONG_SECRET = 'k9Zr2vQmXw7TbN4pLs8HdJf3GyUcEa6R';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://shop:hunter2@db/shop',
  JWT_SECRET: STRONG_SECRET,
};

function complaintAbout(variables: Record<string, string | undefined>): string {
  try {
    parseEnv(variables);
  } catch (error) {
    if (error instanceof StartupError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('the settings', () => {
  it('have defaults, so that the shop starts with none', () => {
    expect(parseEnv({ NODE_ENV: 'test' })).toMatchObject({
      PORT: 3000,
      RATE_LIMIT: true,
      BCRYPT_COST: 12,
      STORE_CURRENCY: 'USD',
      TRUST_PROXY: 0,
      CORS_ORIGINS: [],
      API_DOCS: true,
      JWT_ACCESS_TTL_SECONDS: 3600,
    });
  });

  it('take an empty variable for an absent one', () => {
    expect(parseEnv({ NODE_ENV: 'test', PORT: '', REDIS_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(parseEnv({ NODE_ENV: 'test' }))).toBe(true);
  });

  it('read a list with blanks around its parts', () => {
    const { CORS_ORIGINS } = parseEnv({ NODE_ENV: 'test', CORS_ORIGINS: 'https://a.example, http://b:81 ,' });
    expect(CORS_ORIGINS).toEqual(['https://a.example', 'http://b:81']);
  });

  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://Shop.example:443/', 'https://shop.example'],
    ['http://localhost:3000/base//', 'http://localhost:3000/base'],
  ])('read the address %s without what it does not need', (given, read) => {
    expect(parseEnv({ NODE_ENV: 'test', PUBLIC_URL: given }).PUBLIC_URL).toBe(read);
  });

  it.each([
    ['S3_BUCKET', { S3_ENDPOINT: 'http://localhost:9000' }],
    ['S3_BUCKET', { S3_PUBLIC_URL: 'https://cdn.example' }],
    ['S3_BUCKET', { S3_ACCESS_KEY_ID: 'hunter2', S3_SECRET_ACCESS_KEY: 'hunter2' }],
    ['S3_SECRET_ACCESS_KEY', { S3_BUCKET: 'shop', S3_ACCESS_KEY_ID: 'hunter2' }],
    ['S3_ACCESS_KEY_ID', { S3_BUCKET: 'shop', S3_SECRET_ACCESS_KEY: 'hunter2' }],
  ])('ask for %s when a bucket is half set up', (missing, given) => {
    const complaint = complaintAbout({ NODE_ENV: 'test', ...given });
    expect(complaint).toMatch(new RegExp(`^${missing} is required .+\\.$`));
    expect(complaint).not.toContain('hunter2');
  });

  it.each([
    ['shop@shop.example', { name: 'Cartwright', address: 'shop@shop.example' }],
    ['The Shop <shop@shop.example>', { name: 'The Shop', address: 'shop@shop.example' }],
    ['"Käse, Brot & Co" <a+b@bücher.example>', { name: 'Käse, Brot & Co', address: 'a+b@bücher.example' }],
  ])('read where mails come from out of %s', (given, mailbox) => {
    expect(parseEnv({ NODE_ENV: 'test', MAIL_FROM: given }).MAIL_FROM).toEqual(mailbox);
  });

  it('name mails after the shop', () => {
    const { MAIL_FROM } = parseEnv({ NODE_ENV: 'test', STORE_NAME: 'Käse & Brot' });
    expect(MAIL_FROM).toEqual({ name: 'Käse & Brot', address: 'shop@localhost' });
  });

  it('ask for the address that mails come from when there is a server for them', () => {
    const complaint = complaintAbout({ NODE_ENV: 'test', SMTP_URL: 'smtp://shop:hunter2@mail.example' });
    expect(complaint).toMatch(/^MAIL_FROM is required beside SMTP_URL.+\.$/);
    expect(complaint).not.toContain('hunter2');
  });

  it('take a bucket without keys, for machines that have a role', () => {
    const settings = { NODE_ENV: 'test', S3_BUCKET: 'shop' };
    expect(parseEnv(settings)).toMatchObject({ S3_BUCKET: 'shop', S3_REGION: 'us-east-1' });
  });

  it.each([
    ['NODE_ENV', 'staging'],
    ['PORT', '70000'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://shop:hunter2@db/shop'],
    ['DATABASE_URL', 'hunter2'],
    ['DATABASE_POOL_SIZE', '0'],
    ['REDIS_URL', 'http://redis:6379'],
    ['PUBLIC_URL', 'shop.example'],
    ['PUBLIC_URL', 'ftp://shop.example'],
    ['PUBLIC_URL', 'https://ann:hunter2@shop.example'],
    ['PUBLIC_URL', 'https://shop.example/?a=1'],
    ['S3_ENDPOINT', 's3://shop'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['S3_PUBLIC_URL', 'https://cdn.example/#a'],
    ['STORE_NAME', 'a'.repeat(61)],
    ['STORE_NAME', 'Käse\nBrot'],
    ['APP_URL', 'cartwright://app'],
    ['SMTP_URL', 'https://shop:hunter2@mail.example'],
    ['SMTP_URL', 'smtp://'],
    ['SMTP_URL', 'smtps://shop:hunter2@mail.example?tls.rejectUnauthorized=false'],
    ['SMTP_URL', 'smtp://shop:hunter2@mail.example/path'],
    ['MAIL_FROM', 'Bakery'],
    ['MAIL_FROM', 'The Shop <shop>'],
    ['MAIL_FROM', 'a@shop.example, b@shop.example'],
    ['MAIL_FROM', 'Shop: a@shop.example, b@shop.example;'],
    ['MAIL_FROM', 'a@shop.example\r\nBcc: eve@shop.example'],
    ['MAIL_REPLY_TO', '@shop.example'],
    ['RATE_LIMIT_IMAGES', '0'],
    ['JWT_SECRET', 'hunter2-is-too-short'],
    ['JWT_ACCESS_TTL_SECONDS', '1h'],
    ['BCRYPT_COST', '3'],
    ['DATABASE_REPLICA_URLS', 'postgres://a/shop, http://b/shop'],
    ['CORS_ORIGINS', 'shop.example'],
    ['CORS_ORIGINS', 'https://shop.example/'],
    ['CORS_ORIGINS', 'https://*.example'],
    ['TRUST_PROXY', 'true'],
    ['RATE_LIMIT', 'yes'],
    ['RATE_LIMIT_CATALOGUE', '0'],
    ['STORE_CURRENCY', 'DOGE'],
    ['STORE_CURRENCY', 'usd'],
    ['LOG_LEVEL', 'loud'],
    ['API_DOCS', '1'],
    ['WEBHOOKS_SECRET', 'hunter2-is-too-short'],
    ['WEBHOOKS_TIMEOUT_MS', '50'],
    ['WEBHOOKS_ALLOW_LOOPBACK', 'on'],
  ])('refuse a bad %s (%s), by its name and without its value', (name, value) => {
    const complaint = complaintAbout({ NODE_ENV: 'test', [name]: value });
    expect(complaint).toMatch(new RegExp(`^${name} .+\\.$`));
    expect(complaint).not.toContain(`${value} `);
    expect(complaint).not.toContain('hunter2');
  });

  it('name every bad variable at once', () => {
    expect(complaintAbout({ NODE_ENV: 'test', PORT: 'x', BCRYPT_COST: 'y' })).toMatch(/PORT .*BCRYPT_COST /);
  });
});

describe('the secret of a development machine', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'cartwright-env-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('is made once, and kept where only its owner reads it', () => {
    const settings = { NODE_ENV: 'development', DATA_DIR: path.join(directory, 'data') };
    const { JWT_SECRET } = parseEnv(settings);
    expect(JWT_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(parseEnv(settings).JWT_SECRET).toBe(JWT_SECRET);
    const file = path.join(directory, 'data', 'jwt-secret');
    expect(readFileSync(file, 'utf8')).toContain(JWT_SECRET);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is another one in each test, and is not kept', () => {
    const settings = { NODE_ENV: 'test', DATA_DIR: path.join(directory, 'data') };
    expect(parseEnv(settings).JWT_SECRET).not.toBe(parseEnv(settings).JWT_SECRET);
    expect(existsSync(path.join(directory, 'data'))).toBe(false);
  });

  it('is asked for when the data directory cannot be written', () => {
    const settings = { NODE_ENV: 'development', DATA_DIR: '/dev/null/data' };
    expect(complaintAbout(settings)).toMatch(/DATA_DIR.*JWT_SECRET/);
  });
});

describe('a start in production', () => {
  it('succeeds with a database and a strong secret, without documentation and with strict limits', () => {
    expect(parseEnv(PRODUCTION)).toMatchObject({
      JWT_SECRET: STRONG_SECRET,
      API_DOCS: false,
      WEBHOOKS_ALLOW_LOOPBACK: false,
      RATE_LIMIT: true,
      RATE_LIMIT_REGISTER_PER_HOUR: 10,
      BCRYPT_COST: 12,
    });
  });

  it.each([
    ['no database', 'DATABASE_URL', undefined],
    ['no secret', 'JWT_SECRET', undefined],
    ['an empty secret', 'JWT_SECRET', ''],
    ['a short secret', 'JWT_SECRET', STRONG_SECRET.slice(0, 31)],
    ['an example of a secret', 'JWT_SECRET', 'change-me-k9Zr2vQmXw7TbN4pLs8HdJf3'],
    ['an example of a secret', 'JWT_SECRET', 'your-super-secret-jwt-key-for-the-shop'],
    ['an example of a secret', 'JWT_SECRET', 'this-is-an-Example-key-k9Zr2vQmXw7Tb'],
    ['a secret of one character', 'JWT_SECRET', 'a'.repeat(64)],
    ['a secret of blanks', 'JWT_SECRET', ' '.repeat(64)],
    ['a secret of few characters', 'JWT_SECRET', '1234512354132451243512345213451234'],
    ['a secret that repeats itself', 'JWT_SECRET', 'k9Zr2vQmXw7T'.repeat(3)],
    ['a secret that repeats itself to no even end', 'JWT_SECRET', 'k9Zr2vQmXw7T'.repeat(4).slice(0, 40)],
    ['a secret that counts', 'JWT_SECRET', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['an example of a previous secret', 'JWT_SECRET_PREVIOUS', 'change-me-k9Zr2vQmXw7TbN4pLs8HdJf3'],
    ['a previous secret that is the same', 'JWT_SECRET_PREVIOUS', STRONG_SECRET],
    ['a secret of webhooks that is the same', 'WEBHOOKS_SECRET', STRONG_SECRET],
    ['CORS for everyone', 'CORS_ORIGINS', '*'],
    ['CORS for everyone among others', 'CORS_ORIGINS', 'https://a.example,*'],
    ['no limits', 'RATE_LIMIT', 'off'],
    ['cheap hashes', 'BCRYPT_COST', '9'],
    ['an example of a secret for webhooks', 'WEBHOOKS_SECRET', 'change-me-k9Zr2vQmXw7TbN4pLs8HdJf3'],
    ['webhooks that call the machine itself', 'WEBHOOKS_ALLOW_LOOPBACK', 'true'],
  ])('fails with %s, and names the variable but not its value', (_, name, value) => {
    const complaint = complaintAbout({ ...PRODUCTION, [name]: value });
    expect(complaint).toMatch(new RegExp(`^${name} .+\\.$`));
    if (value && value.trim().length > 3) expect(complaint).not.toContain(value);
    expect(complaint).not.toContain('hunter2');
  });

  it('names everything that is wrong at once', () => {
    const complaint = complaintAbout({ NODE_ENV: 'production', RATE_LIMIT: 'off', BCRYPT_COST: '4' });
    expect(complaint).toMatch(/DATABASE_URL .*JWT_SECRET .*RATE_LIMIT .*BCRYPT_COST /);
  });
});
