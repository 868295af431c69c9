import { UserResponse } from '../../users/users.service';

/** What signing in gives. */
export class SessionResponse {
  user: UserResponse;
  /** For `Authorization: Bearer …`. */
  accessToken: string;
  /** Works once: refreshing gives the next one. */
  refreshToken: string;
  tokenType: 'Bearer';
  /** Seconds until the access token expires. */
  expiresIn: number;
}
