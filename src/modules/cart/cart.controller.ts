import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Precondition } from '../../common/http/etag';
import { Etag, IfMatch } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { cartTag } from './cart-view';
import { CartService } from './cart.service';
import { CartItemDto, CouponCodeDto, SetItemsDto, SetQuantityDto } from './dto/cart.dto';
import { CartResponse } from './dto/cart.response';

@ApiTags('Cart')
@ApiBearerAuth()
@SignedIn()
@Limit('cart')
@Controller('cart')
export class CartController {
  constructor(private readonly cart: CartService) {}

  /** Shows one's own cart at today's prices. */
  @Get()
  @Limit('account')
  @Etag(cartTag)
  get(@CurrentUser() user: AuthenticatedUser): Promise<CartResponse> {
    return this.cart.get(user.id);
  }

  /** Adds a product, to what is there of it. */
  @Post('items')
  @HttpCode(200)
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  addItem(
    @Body() dto: CartItemDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.addItem(user.id, dto, ifMatch);
  }

  /** Sets the whole cart in one step, all or nothing. */
  @Put('items')
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  setItems(
    @Body() dto: SetItemsDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.setItems(user.id, dto.items, ifMatch);
  }

  /** Sets the quantity of a product, adding it when it is absent. */
  @Put('items/:productId')
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  setItem(
    @Param('productId', IdPipe) productId: string,
    @Body() { quantity }: SetQuantityDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.setItem(user.id, { productId, quantity }, ifMatch);
  }

  /** Takes a product out. What is not there changes nothing. */
  @Delete('items/:productId')
  @Etag(cartTag)
  @Problems('version_mismatch')
  removeItem(
    @Param('productId', IdPipe) productId: string,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.removeItem(user.id, productId, ifMatch);
  }

  /** Empties the cart. */
  @Delete()
  @HttpCode(204)
  @Problems('version_mismatch')
  clear(@CurrentUser() user: AuthenticatedUser, @IfMatch() ifMatch: Precondition): Promise<void> {
    return this.cart.clear(user.id, ifMatch);
  }

  /** Attaches a coupon. It is spent at checkout only. */
  @Post('coupon')
  @HttpCode(200)
  @Etag(cartTag)
  @Problems(
    'coupon_not_found',
    'coupon_inactive',
    'coupon_not_started',
    'coupon_expired',
    'coupon_currency',
    'coupon_min_purchase',
    'coupon_exhausted',
    'version_mismatch',
  )
  attachCoupon(
    @Body() { code }: CouponCodeDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.attachCoupon(user.id, code, ifMatch);
  }

  /** Takes the coupon off the cart. */
  @Delete('coupon')
  @Etag(cartTag)
  @Problems('version_mismatch')
  detachCoupon(
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.detachCoupon(user.id, ifMatch);
  }
}
