import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { CartService } from './cart.service';
import { CouponCodeDto } from './dto/cart.dto';
import { CouponValidationResponse } from './dto/cart.response';

@ApiTags('Coupons')
@ApiBearerAuth()
@Controller('coupons')
export class CouponValidationController {
  constructor(private readonly cart: CartService) {}

  /** Tries a coupon on one's own cart: the discount, or the error that checkout would give. */
  @Post('validate')
  @HttpCode(200)
  @SignedIn()
  @Limit('cart')
  @Problems(
    'cart_empty',
    'coupon_not_found',
    'coupon_inactive',
    'coupon_not_started',
    'coupon_expired',
    'coupon_currency',
    'coupon_min_purchase',
    'coupon_exhausted',
  )
  validate(
    @Body() { code }: CouponCodeDto,
    @CurrentUser() user: AuthenticatedUser,
  ): Promise<CouponValidationResponse> {
    return this.cart.validateCoupon(user.id, code);
  }
}
