import { Module } from '@nestjs/common';
import { CouponsController } from './coupons.controller';
import { CouponsService } from './coupons.service';
import { RedemptionsService } from './redemptions.service';

@Module({
  controllers: [CouponsController],
  providers: [CouponsService, RedemptionsService],
  exports: [RedemptionsService],
})
export class CouponsModule {}
