import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeclaredAccess } from './auth/declared-access';
import { LiveSessions } from './auth/live-sessions';
import { Replicas } from './database/replicas';
import { Transactions } from './database/transactions';
import { Draining } from './http/draining';
import { IdleConnections } from './http/idle-connections';
import { Listener } from './http/listener';
import { UnknownRoutes } from './http/unknown-routes';
import { Idempotency } from './idempotency/idempotency.service';
import { KeptAnswers } from './idempotency/kept-answers';
import { Cursors } from './lists/cursors';
import { Lists } from './lists/lists';
import { Notifications } from './notifications/notifications';
import { PersonalData } from './personal-data/personal-data';

/** What every feature module may inject. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Transactions,
    Replicas,
    Idempotency,
    KeptAnswers,
    PersonalData,
    LiveSessions,
    Notifications,
    Draining,
    DeclaredAccess,
    IdleConnections,
    Listener,
    UnknownRoutes,
    Cursors,
    Lists,
  ],
  exports: [
    Transactions,
    Replicas,
    Idempotency,
    PersonalData,
    LiveSessions,
    Notifications,
    Draining,
    Cursors,
    Lists,
  ],
})
export class CommonModule {}
