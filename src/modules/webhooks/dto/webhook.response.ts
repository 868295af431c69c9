import { ApiProperty } from '@nestjs/swagger';
import { EVENT_TYPES, type EventType } from '../../../common/events/events';
import { type CursorMeta, ListMeta, type PageMeta } from '../../../common/http/page.response';
import { PAUSE_REASONS, type PauseReason } from '../entities/webhook.entity';

export class WebhookResponse {
  id: string;
  url: string;
  @ApiProperty({ enum: EVENT_TYPES, enumName: 'EventType', isArray: true })
  events: EventType[];
  description: string | null;
  isActive: boolean;
  /** Nothing is delivered until `isPaused` is set to false. */
  isPaused: boolean;
  pausedAt: string | null;
  /** `failing`: 20 failures or more and no success for 24 hours. `gone`: it answered 410. */
  @ApiProperty({ enum: PAUSE_REASONS, enumName: 'WebhookPauseReason', nullable: true })
  pauseReason: PauseReason | null;
  /** The first failure since the last success. */
  failingSince: string | null;
  /** The `after` with which `GET /events` tells what was missed when it was last paused or switched off. */
  replayAfter: number | null;
  createdAt: string;
  updatedAt: string;
}

/** A new webhook, with its secret, which is never shown again. */
export class CreatedWebhookResponse extends WebhookResponse {
  /** `whsec_` and the key in base64. */
  secret: string;
}

export class RotatedSecretResponse {
  /** `whsec_` and the key in base64: never shown again. */
  secret: string;
  /** Until then deliveries are signed with the old secret, too. */
  previousSecretUntil: string;
}

export class WebhookPage {
  data: WebhookResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
