import { Module } from '@nestjs/common';
import { CouponsModule } from '../coupons/coupons.module';
import { ProductsModule } from '../products/products.module';
import { CartController } from './cart.controller';
import { CartService } from './cart.service';
import { CouponValidationController } from './coupon-validation.controller';
import { CustomerCartController } from './customer-cart.controller';
import { GuestCartsController } from './guest-carts.controller';
import { GuestCartsService } from './guest-carts.service';

@Module({
  imports: [ProductsModule, CouponsModule],
  controllers: [CartController, GuestCartsController, CustomerCartController, CouponValidationController],
  providers: [CartService, GuestCartsService],
  exports: [CartService, GuestCartsService],
})
export class CartModule {}
