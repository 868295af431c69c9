import type { EntityManager } from 'typeorm';
import type { UpdateUserDto } from './dto/update-user.dto';
import type { User } from './entities/user.entity';
import { lastAdmin } from './users.errors';

/** Locks the active admins, always in the order of their ids, so that two who demote each other queue up. */
export async function lockActiveAdmins(tx: EntityManager): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT id FROM users WHERE 'ADMIN' = ANY (roles) AND is_active AND deleted_at IS NULL
      ORDER BY id FOR NO KEY UPDATE`,
  );
  return rows.map(({ id }) => id);
}

/** @throws DomainError `last_admin` when the change would leave the shop without an active admin */
export function assertAdminRemains(
  admins: readonly string[],
  user: User,
  change: Pick<UpdateUserDto, 'roles' | 'isActive'>,
): void {
  const losesRole = change.roles !== undefined && !change.roles.includes('ADMIN');
  if (!losesRole && change.isActive !== false) return;
  if (admins.length === 1 && admins[0] === user.id) throw lastAdmin();
}
