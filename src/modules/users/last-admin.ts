import type { EntityManager } from 'typeorm';
import type { UpdateUserDto } from './dto/update-user.dto';
import type { User } from './entities/user.entity';
import { lastAdmin } from './users.errors';

/** Locks the active admins, always in the order of their ids, so that two who demote each other queue up. */
export async function lockActiveAdmins(tx: EntityManager): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    // The condition of the index over the staff, which is small, is spelt out.
    `SELECT id FROM users
      WHERE 'ADMIN' = ANY (roles) AND roles && ARRAY['EDITOR', 'ADMIN'] AND is_active AND deleted_at IS NULL
      ORDER BY id FOR NO KEY UPDATE`,
  );
  return rows.map(({ id }) => id);
}

/** Whether who was an active admin is none after the change. */
export function endsAdmin({ roles, isActive }: UpdateUserDto): boolean {
  return isActive === false || (roles !== undefined && !roles.includes('ADMIN'));
}

/** @throws DomainError `last_admin` when the shop would be without an active admin but for this one */
export function assertAdminRemains(admins: readonly string[], user: User): void {
  if (admins.length === 1 && admins[0] === user.id) throw lastAdmin();
}
