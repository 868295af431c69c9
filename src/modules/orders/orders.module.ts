import { Module } from '@nestjs/common';
import { CartModule } from '../cart/cart.module';
import { CouponsModule } from '../coupons/coupons.module';
import { ProductsModule } from '../products/products.module';
import { OrderMailsService } from './order-mails.service';
import { OrderStreamsService } from './order-streams.service';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';
import { PlaceOrderService } from './place-order.service';

@Module({
  imports: [CartModule, ProductsModule, CouponsModule],
  controllers: [OrdersController],
  providers: [OrdersService, PlaceOrderService, OrderStreamsService, OrderMailsService],
})
export class OrdersModule {}
