import { Module } from '@nestjs/common';
import { CouponsModule } from '../coupons/coupons.module';
import { ProductsModule } from '../products/products.module';
import { CartController } from './cart.controller';
import { CartService } from './cart.service';
import { CouponValidationController } from './coupon-validation.controller';
import { CustomerCartController } from './customer-cart.controller';

@Module({
  imports: [ProductsModule, CouponsModule],
  controllers: [CartController, CustomerCartController, CouponValidationController],
  providers: [CartService],
  exports: [CartService],
})
export class CartModule {}
