import type { AuditAction, AuditedChange } from '../../common/audit/audit';
import type { Facts } from '../../common/audit/audited-facts';
import type { User } from './entities/user.entity';

type UserAction = Extract<AuditAction, `user.${string}`>;

type AuditedUser = Pick<
  User,
  'email' | 'username' | 'firstName' | 'lastName' | 'phone' | 'roles' | 'isActive' | 'emailVerified'
>;

/** What erasing a person must remove, so the audit log keeps only that it changed. */
const PERSONAL_FIELDS = ['email', 'username', 'firstName', 'lastName', 'phone'];

/** That an admin changed an account, as it was and as it is; null where it was not there. */
export function userChange(
  action: UserAction,
  id: string,
  before: AuditedUser | null,
  after: AuditedUser | null,
): AuditedChange {
  const facts = { before: before && factsOf(before), after: after && factsOf(after) };
  return { action, id, ...facts, hidden: PERSONAL_FIELDS };
}

function factsOf(user: AuditedUser): Facts {
  const { email, username, firstName, lastName, phone, roles, isActive, emailVerified } = user;
  return { email, username, firstName, lastName, phone, roles, isActive, emailVerified };
}
