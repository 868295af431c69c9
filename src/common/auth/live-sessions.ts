import { Injectable } from '@nestjs/common';
import type { SessionUser } from './authenticated-user';

type FindUsers = (sessionIds: readonly string[]) => Promise<SessionUser[]>;

/**
 * For answers that go on long after the guards have let the request in: whether its session still lives, and what its
 * user may do by now. The auth module registers how that is found; until then no session lives.
 */
@Injectable()
export class LiveSessions {
  private find: FindUsers = () => Promise.resolve([]);

  findWith(find: FindUsers): void {
    this.find = find;
  }

  /** The users of those sessions that are live, as stored now, by session. */
  async usersOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, SessionUser>> {
    const users = await this.find(sessionIds);
    return new Map(users.map((user) => [user.sessionId, user]));
  }
}
