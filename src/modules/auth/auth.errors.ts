import { DomainError } from '../../common/errors/domain-error';

/** One and the same for an unknown e-mail, a wrong password and an account that is disabled. */
export function invalidCredentials(): DomainError {
  return new DomainError('invalid_credentials', 'E-mail or password is wrong.');
}

/** For whoever has tokens of a session, or of a user, that is no more. */
export function sessionEnded(): DomainError {
  return new DomainError('token_revoked', 'The session has ended. Sign in again.');
}
