import type { UserResponse } from './dto/user.response';
import type { User } from './entities/user.entity';

/** What the API shows of an account that is not erased. */
export function toUserResponse(user: User): UserResponse {
  const {
    id,
    email,
    username,
    firstName,
    lastName,
    phone,
    roles,
    isActive,
    emailVerified,
    createdAt,
    updatedAt,
  } = user;
  return {
    id,
    email: email ?? '',
    username,
    firstName,
    lastName,
    phone,
    roles,
    isActive,
    emailVerified,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
