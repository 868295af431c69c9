import type { EntityManager } from 'typeorm';

/** Whom a mail goes to. */
export interface Recipient {
  email: string;
  /** First and last name, as far as they are known. */
  name: string | null;
  locale: string;
}

/** The person of this account as they are now, or null once they are erased. */
export async function findRecipient(userId: string, manager: EntityManager): Promise<Recipient | null> {
  const [recipient] = await manager.query<Recipient[]>(
    `SELECT email, nullif(concat_ws(' ', first_name, last_name), '') AS name, locale
       FROM users WHERE id = $1 AND deleted_at IS NULL`,
    [userId],
  );
  return recipient ?? null;
}
