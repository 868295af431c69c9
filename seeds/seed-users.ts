import bcrypt from 'bcrypt';
import { isEmail } from 'class-validator';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DEFAULT_LOCALE } from '../src/common/locale/locale';
import type { Env } from '../src/config/env';
import { StartupError } from '../src/config/startup-error';
import { User } from '../src/modules/users/entities/user.entity';
import { DEVELOPMENT_USERS, type SeedUser } from './content/users';

export type PreparedUser = Omit<User, 'createdAt' | 'updatedAt' | 'deletedAt'>;

/**
 * The accounts that are missing, with their passwords hashed: slow, so done before the transaction. Production gets
 * at most the first admin; accounts with published passwords are for development.
 * @throws StartupError when the admin's e-mail or password is no good
 */
export async function prepareUsers(dataSource: DataSource, env: Env): Promise<PreparedUser[]> {
  const wanted = env.NODE_ENV === 'production' ? await firstAdmin(dataSource, env) : DEVELOPMENT_USERS;
  const rows = await dataSource.query<{ emailKey: string }[]>(
    'SELECT email_key AS "emailKey" FROM users WHERE email_key = ANY($1)',
    [wanted.map(({ email }) => keyOfEmail(email))],
  );
  const known = new Set(rows.map(({ emailKey }) => emailKey));
  const missing = wanted.filter(({ email }) => !known.has(keyOfEmail(email)));
  return Promise.all(missing.map((user) => toRow(user, env.BCRYPT_COST)));
}

/** Accounts that are there keep their password and profile. Returns how many were made. */
export async function insertUsers(
  users: readonly PreparedUser[],
  createdAt: Date,
  tx: EntityManager,
): Promise<number> {
  if (users.length === 0) return 0;
  const values = users.map((user) => ({ ...user, createdAt, updatedAt: createdAt }));
  const { raw } = await tx
    .createQueryBuilder()
    .insert()
    .into(User)
    .values(values)
    .orIgnore()
    .returning('id')
    .execute();
  return (raw as unknown[]).length;
}

export function keyOfEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase();
}

/** None when there is an admin already: who changed the first one's e-mail does not get it back. */
async function firstAdmin(dataSource: DataSource, env: Env): Promise<SeedUser[]> {
  const { SEED_ADMIN_EMAIL: email, SEED_ADMIN_PASSWORD: password } = env;
  if (!email || !password) return [];
  assertAdmin(email.trim(), password);
  const [row] = await dataSource.query<{ found: boolean }[]>(
    `SELECT EXISTS (SELECT FROM users WHERE 'ADMIN' = ANY(roles) AND deleted_at IS NULL) AS found`,
  );
  if (row?.found) return [];
  return [
    {
      email: email.trim(),
      password,
      username: null,
      firstName: null,
      lastName: null,
      phone: null,
      roles: ['ADMIN'],
    },
  ];
}

/** bcrypt ignores what is past 72 bytes and what follows a NUL byte. */
function assertAdmin(email: string, password: string): void {
  if (!isEmail(email)) throw new StartupError('SEED_ADMIN_EMAIL is not an e-mail address.');
  if (password.length < 8) throw new StartupError('SEED_ADMIN_PASSWORD must have 8 characters or more.');
  if (Buffer.byteLength(password) > 72)
    throw new StartupError('SEED_ADMIN_PASSWORD must have at most 72 bytes.');
}

async function toRow(
  { email, password, roles, username, ...profile }: SeedUser,
  cost: number,
): Promise<PreparedUser> {
  return {
    ...profile,
    id: uuidv7(),
    email,
    emailKey: keyOfEmail(email),
    username,
    usernameKey: username?.toLowerCase() ?? null,
    passwordHash: await bcrypt.hash(password, cost),
    roles: [...roles],
    isActive: true,
    emailVerified: true,
    locale: DEFAULT_LOCALE,
  };
}
