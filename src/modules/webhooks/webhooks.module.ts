import { Module } from '@nestjs/common';
import { WebhookCourier } from './webhook-courier';
import { WebhookDeliveriesService } from './webhook-deliveries.service';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

@Module({
  controllers: [WebhooksController],
  providers: [WebhooksService, WebhookDeliveriesService, WebhookCourier],
})
export class WebhooksModule {}
