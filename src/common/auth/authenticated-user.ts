/** The roles, from the least to the most. */
export const ROLES = ['CUSTOMER', 'EDITOR', 'ADMIN'] as const;

export type Role = (typeof ROLES)[number];

/** Who asks: the user as stored at the time of the request. */
export interface AuthenticatedUser {
  id: string;
  email: string;
  roles: readonly Role[];
  /** The session that the access token belongs to. */
  sessionId: string;
}

export function isAdmin(user: AuthenticatedUser | undefined): boolean {
  return user?.roles.includes('ADMIN') ?? false;
}

/** Editors and admins: those who keep the catalogue and move orders along. */
export function isStaff(user: AuthenticatedUser | undefined): boolean {
  return isAdmin(user) || (user?.roles.includes('EDITOR') ?? false);
}
