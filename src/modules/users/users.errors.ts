import { violatedUnique } from '../../common/database/database-errors';
import { DomainError } from '../../common/errors/domain-error';

/** A taken e-mail or username as the domain says it; anything else as it came. */
export function translateUserError(error: unknown): unknown {
  switch (violatedUnique(error)) {
    case 'uq_users_email_key':
      return new DomainError('email_taken', 'There is an account with this e-mail.');
    case 'uq_users_username_key':
      return new DomainError('username_taken', 'This username is taken.');
    default:
      return error;
  }
}

export function lastAdmin(): DomainError {
  return new DomainError('last_admin', 'The shop needs at least one active admin.');
}

export function selfDelete(): DomainError {
  return new DomainError('self_delete', 'Admins cannot delete their own account here.');
}
