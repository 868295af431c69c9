import { ApiProperty } from '@nestjs/swagger';
import { EVENT_TYPES, type EventType } from '../../../common/events/events';
import { type CursorMeta, ListMeta, type PageMeta } from '../../../common/http/page.response';
import {
  DELIVERY_KINDS,
  DELIVERY_STATUSES,
  type DeliveryKind,
  type DeliveryStatus,
} from '../entities/webhook-delivery.entity';

/** The event that is delivered; `GET /events` shows the rest of it. */
export class DeliveredEvent {
  id: string;
  @ApiProperty({ enum: EVENT_TYPES, enumName: 'EventType' })
  type: EventType;
  position: number;
}

/** A delivery and how its last attempt went, of which nothing is known while it is under way. */
export class DeliveryResponse {
  id: string;
  @ApiProperty({ enum: DELIVERY_KINDS, enumName: 'WebhookDeliveryKind' })
  kind: DeliveryKind;
  /** Null for a test. */
  event: DeliveredEvent | null;
  @ApiProperty({ enum: DELIVERY_STATUSES, enumName: 'WebhookDeliveryStatus' })
  status: DeliveryStatus;
  /** Attempts so far, with one that is under way. */
  attempt: number;
  /** What the last attempt was answered with; null without an answer, and until there is one. */
  responseStatus: number | null;
  error: string | null;
  /** Milliseconds that the last attempt took. */
  durationMs: number | null;
  /** When the last attempt began. */
  at: string | null;
  /** Null when it is over. */
  nextAttemptAt: string | null;
  createdAt: string;
}

export class DeliveryPage {
  data: DeliveryResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
