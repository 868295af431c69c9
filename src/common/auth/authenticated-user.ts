/** The roles, from the least to the most. */
export const ROLES = ['CUSTOMER', 'EDITOR', 'ADMIN'] as const;

export type Role = (typeof ROLES)[number];

/** The user of a live session, as stored. */
export interface SessionUser {
  id: string;
  email: string;
  roles: readonly Role[];
  /** The session that the access token belongs to. */
  sessionId: string;
}

/** Who asks: the user as stored at the time of the request. */
export interface AuthenticatedUser extends SessionUser {
  /** When the access token expires. */
  accessEndsAt: Date;
}

export function isAdmin(user: SessionUser | undefined): boolean {
  return user?.roles.includes('ADMIN') ?? false;
}

/** Editors and admins: those who keep the catalogue and move orders along. */
export function isStaff(user: SessionUser | undefined): boolean {
  return isAdmin(user) || (user?.roles.includes('EDITOR') ?? false);
}
