import { ApiProperty } from '@nestjs/swagger';
import { EVENT_TYPES, type EventType, SUBJECT_TYPES, type SubjectType } from '../../../common/events/events';

/** What an event tells of. */
export class EventSubject {
  @ApiProperty({ enum: SUBJECT_TYPES, enumName: 'EventSubjectType' })
  type: SubjectType;
  id: string;
}

/** Something that happened. */
export class EventResponse {
  id: string;
  @ApiProperty({ enum: EVENT_TYPES, enumName: 'EventType' })
  type: EventType;
  subject: EventSubject;
  /** Counts up by one from event to event. */
  position: number;
  at: string;
  /** Facts as they were then, which depend on the type: ids, amounts in major units beside their `currency`, no personal data. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  data: object;
}

/** Where a page of events stands. */
export class EventListMeta {
  /** Events a page at the most. */
  limit: number;
  /** The `after` of the next page, at the end too: asked for again later, it gives what has happened since. */
  nextAfter: number;
  /** Whether there are more right now. */
  hasMore: boolean;
}

export class EventList {
  /** In the order of their positions. */
  data: EventResponse[];
  meta: EventListMeta;
}
