import { Global, Module } from '@nestjs/common';
import { EventDispatcher } from './event-dispatcher';
import { Events } from './events';

/** Makes the events injectable everywhere, and hands them on. */
@Global()
@Module({ providers: [Events, EventDispatcher], exports: [Events] })
export class EventsModule {}
