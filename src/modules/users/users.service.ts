import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChange } from '../../common/audit/audit';
import { type AuthenticatedUser, isAdmin, type Role } from '../../common/auth/authenticated-user';
import { containsPattern, SqlFilter } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { translated } from '../../common/database/translated';
import { DomainError, notFound } from '../../common/errors/domain-error';
import type { ListPage } from '../../common/http/page.response';
import { mapPage } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Lists } from '../../common/lists/lists';
import { type SortColumn, sortOrder } from '../../common/lists/sort-order';
import { DEFAULT_LOCALE } from '../../common/locale/locale';
import { LOGGER } from '../../common/logging/logger';
import { definedOf } from '../../common/objects/defined';
import { PersonalData } from '../../common/personal-data/personal-data';
import type { CreateUserDto } from './dto/create-user.dto';
import type { ListUsersQuery } from './dto/list-users.query';
import { ProfileDto } from './dto/profile.dto';
import type { UpdateUserDto } from './dto/update-user.dto';
import { UserResponse } from './dto/user.response';
import { User } from './entities/user.entity';
import { assertAdminRemains, endsAdmin, lockActiveAdmins } from './last-admin';
import { PasswordsService } from './passwords.service';
import { toUserResponse } from './user-view';
import { userChange } from './user-audit';
import { emailKey, usernameKey } from './user-keys';
import { selfDelete, translateUserError } from './users.errors';

// What other modules see of ours.
export { ProfileDto, UserResponse };

const SORT_COLUMNS: Record<string, SortColumn> = {
  createdAt: { sql: 'created_at', type: 'timestamptz' },
  email: { sql: 'email_key', type: 'text' },
};

/** What sign-in needs to know of an account. */
export interface Credentials {
  id: string;
  email: string;
  passwordHash: string | null;
  isActive: boolean;
}

/** What else is to happen, in the same transaction. */
type Follower = (userId: string, tx: EntityManager) => Promise<unknown>;

@Injectable()
export class UsersService {
  private readonly afterDisabling: Follower[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly passwords: PasswordsService,
    private readonly personalData: PersonalData,
    private readonly lists: Lists,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Tells whoever grants access when an account is disabled. */
  onDisable(follower: Follower): void {
    this.afterDisabling.push(follower);
  }

  async list(query: ListUsersQuery): Promise<ListPage<UserResponse>> {
    const { q, role, isActive, sort = ['-createdAt'] } = query;
    const pattern = q ? containsPattern(q) : undefined;
    const filter = new SqlFilter()
      .add('deleted_at IS NULL')
      .addIf(pattern, `(email ILIKE ? OR username ILIKE ? OR concat_ws(' ', first_name, last_name) ILIKE ?)`)
      .addIf(role, '? = ANY (roles)')
      .addIf(isActive, 'is_active = ?');
    const order = sortOrder(sort, SORT_COLUMNS);
    const page = await this.lists.read({ name: 'users', entity: User, filter, order }, query);
    return mapPage(page, toUserResponse);
  }

  /** @param viewer admins see everyone, others only themselves @throws DomainError `not_found` */
  async get(id: string, viewer: AuthenticatedUser): Promise<UserResponse> {
    if (id !== viewer.id && !isAdmin(viewer)) throw notFound('user');
    return this.getOwn(id);
  }

  /** @throws DomainError `not_found` */
  async getOwn(id: string): Promise<UserResponse> {
    const user = await this.findOwn(id);
    if (!user) throw notFound('user');
    return user;
  }

  /** The account as stored now, or null once it is erased. */
  async findOwn(id: string): Promise<UserResponse | null> {
    const user = await this.dataSource.manager.findOneBy(User, { id });
    return user && !user.deletedAt ? toUserResponse(user) : null;
  }

  /** An account that the caller's transaction keeps from being erased. */
  async read(id: string, tx: EntityManager): Promise<UserResponse> {
    return toUserResponse(await tx.findOneByOrFail(User, { id }));
  }

  /** @throws DomainError `email_taken`, `username_taken` */
  async create(
    dto: CreateUserDto,
    actor: AuthenticatedUser,
    request: IdempotentRequest,
  ): Promise<UserResponse> {
    const kept = await this.idempotency.findKept<UserResponse>(request);
    if (kept) return kept;
    const passwordHash = await this.passwords.hash(dto.password);
    const roles = dto.roles ?? ['CUSTOMER'];
    const created = await this.idempotency.run(
      request,
      async (tx) => {
        const user = await this.insert(dto, passwordHash, roles, tx);
        await recordChange(userChange('user.created', user.id, null, user), tx);
        return user;
      },
      ({ id }) => id,
    );
    if (!request.isReplayed()) this.logAccess(created, actor);
    return created;
  }

  /**
   * Makes an account in the caller's transaction.
   * @throws DomainError `email_taken`, `username_taken`
   */
  async insert(
    dto: CreateUserDto,
    passwordHash: string,
    roles: Role[],
    tx: EntityManager,
  ): Promise<UserResponse> {
    const id = uuidv7();
    const { email, username = null, firstName = null, lastName = null, phone = null, isActive = true } = dto;
    const keys = { emailKey: emailKey(email), usernameKey: username === null ? null : usernameKey(username) };
    const account = {
      id,
      email,
      username,
      firstName,
      lastName,
      phone,
      roles,
      isActive,
      passwordHash,
      ...keys,
    };
    await translated(tx.insert(User, account), translateUserError);
    return this.read(id, tx);
  }

  /**
   * Changes what is given. Everyone may change their own profile; e-mail, roles and isActive are for admins.
   * @throws DomainError `not_found`, `forbidden`, `email_taken`, `username_taken`, `last_admin`
   */
  async update(id: string, dto: UpdateUserDto, actor: AuthenticatedUser): Promise<UserResponse> {
    if (!isAdmin(actor)) {
      if (id !== actor.id) throw notFound('user');
      assertOwnFields(dto);
    }
    // Who has the e-mail can set the password.
    const isAboutAccess = [dto.email, dto.roles, dto.isActive].some((given) => given !== undefined);
    const updated = await this.transactions.run(async (tx) => {
      const admins = endsAdmin(dto) ? await lockActiveAdmins(tx) : null;
      const user = await lockUser(id, tx);
      if (admins) assertAdminRemains(admins, user);
      await applyChanges(user, dto, tx);
      if (dto.isActive === false) for (const follow of this.afterDisabling) await follow(id, tx);
      const changed = await this.read(id, tx);
      if (isAdmin(actor)) await recordChange(userChange('user.updated', id, user, changed), tx);
      return changed;
    });
    if (isAboutAccess) this.logAccess(updated, actor);
    return updated;
  }

  /** Like {@link update}; names and phone that are left out become null. */
  replace(id: string, dto: UpdateUserDto, actor: AuthenticatedUser): Promise<UserResponse> {
    return this.update(
      id,
      { username: null, firstName: null, lastName: null, phone: null, ...definedOf(dto) },
      actor,
    );
  }

  /**
   * Erases the person everywhere; their orders stay without them.
   * @throws DomainError `not_found`, `self_delete`, `last_admin`
   */
  async remove(id: string, actor: AuthenticatedUser): Promise<void> {
    if (id === actor.id) throw selfDelete();
    await this.erase(id, actor.id);
  }

  /** Erases the person everywhere. @throws DomainError `not_found`, `last_admin` */
  async erase(id: string, by: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const admins = await lockActiveAdmins(tx);
      const user = await lockUser(id, tx);
      assertAdminRemains(admins, user);
      await this.personalData.erase(id, tx);
      await tx.update(User, { id }, ERASED);
      if (id !== by) await recordChange(userChange('user.deleted', id, user, null), tx);
    });
    this.logger.info({ event: 'account_erased', userId: id, by });
  }

  /** Notes that the person has proved the e-mail. */
  async markVerified(id: string, tx: EntityManager): Promise<void> {
    await tx.query(
      'UPDATE users SET email_verified = true, updated_at = now() WHERE id = $1 AND NOT email_verified',
      [id],
    );
  }

  /** Notes how the person reads amounts and dates; null when their device did not say. */
  async rememberLocale(id: string, locale: string | null, tx: EntityManager): Promise<void> {
    await tx.query('UPDATE users SET locale = $2 WHERE id = $1 AND locale <> $2', [id, locale]);
  }

  /** What {@link rememberLocale} noted last. */
  async localeOf(id: string): Promise<string> {
    const { locale } = await this.dataSource.manager.findOneOrFail(User, {
      select: { locale: true },
      where: { id },
    });
    return locale;
  }

  /** What e-mails are compared by. */
  keyOf(email: string): string {
    return emailKey(email);
  }

  /** The account under this e-mail, or null. */
  async findCredentials(email: string): Promise<Credentials | null> {
    const rows = await this.dataSource.query<Credentials[]>(
      `SELECT id, email, password_hash AS "passwordHash", is_active AS "isActive" FROM users WHERE email_key = $1`,
      [emailKey(email)],
    );
    return rows[0] ?? null;
  }

  private logAccess({ id, roles, isActive }: UserResponse, actor: AuthenticatedUser): void {
    this.logger.info({ event: 'access_changed', userId: id, roles, isActive, by: actor.id });
  }
}

/** What is left of an erased account. */
const ERASED = {
  email: null,
  emailKey: null,
  username: null,
  usernameKey: null,
  passwordHash: null,
  firstName: null,
  lastName: null,
  phone: null,
  locale: DEFAULT_LOCALE,
  isActive: false,
  deletedAt: () => 'now()',
  updatedAt: () => 'now()',
};

/** @throws DomainError `forbidden` for fields that only admins may change */
function assertOwnFields(dto: UpdateUserDto): void {
  if (dto.email !== undefined || dto.roles !== undefined || dto.isActive !== undefined) {
    throw new DomainError('forbidden', 'Only admins may change e-mail, roles and isActive.');
  }
}

async function lockUser(id: string, tx: EntityManager): Promise<User> {
  const user = await tx.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!user || user.deletedAt) throw notFound('user');
  return user;
}

async function applyChanges(user: User, dto: UpdateUserDto, tx: EntityManager): Promise<void> {
  const changes = definedOf(dto);
  const keys = {
    ...(changes.email !== undefined && {
      emailKey: emailKey(changes.email),
      emailVerified: user.emailVerified && emailKey(changes.email) === user.emailKey,
    }),
    ...(changes.username !== undefined && {
      usernameKey: changes.username === null ? null : usernameKey(changes.username),
    }),
  };
  const update = tx.update(User, { id: user.id }, { ...changes, ...keys, updatedAt: () => 'now()' });
  await translated(update, translateUserError);
}
