import type { EventType, PositionedEvent, SubjectType } from './events';

/** An event as others see it, however they come to know of it. */
export interface ShownEvent {
  id: string;
  type: EventType;
  subject: { type: SubjectType; id: string };
  position: number;
  at: string;
  data: object;
}

export function shownEvent(event: PositionedEvent): ShownEvent {
  const { id, type, subjectType, subjectId, position, at, data } = event;
  return { id, type, subject: { type: subjectType, id: subjectId }, position, at: at.toISOString(), data };
}
