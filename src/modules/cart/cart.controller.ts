import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { GuestOrSignedIn } from '../../common/auth/access.decorators';
import { Precondition } from '../../common/http/etag';
import { Etag, IfMatch } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { type CartOwner, CurrentOwner } from './cart-owner';
import { cartTag } from './cart-view';
import { CartService } from './cart.service';
import { CartItemDto, CouponCodeDto, SetItemsDto, SetQuantityDto } from './dto/cart.dto';
import { CartResponse } from './dto/cart.response';

@ApiTags('Cart')
@ApiBearerAuth()
@ApiSecurity('cartToken')
@GuestOrSignedIn()
@Limit('cart')
@Controller('cart')
export class CartController {
  constructor(private readonly cart: CartService) {}

  /** Shows one's own cart, or the guest cart whose token is sent, at today's prices. */
  @Get()
  @Limit('account')
  @Etag(cartTag)
  get(@CurrentOwner() owner: CartOwner): Promise<CartResponse> {
    return this.cart.get(owner);
  }

  /** Adds a product, to what is there of it. */
  @Post('items')
  @HttpCode(200)
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  addItem(
    @Body() dto: CartItemDto,
    @CurrentOwner() owner: CartOwner,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.addItem(owner, dto, ifMatch);
  }

  /** Sets the whole cart in one step, all or nothing. */
  @Put('items')
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  setItems(
    @Body() dto: SetItemsDto,
    @CurrentOwner() owner: CartOwner,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.setItems(owner, dto.items, ifMatch);
  }

  /** Sets the quantity of a product, adding it when it is absent. */
  @Put('items/:productId')
  @Etag(cartTag)
  @Problems('product_unavailable', 'insufficient_stock', 'currency_mismatch', 'cart_full', 'version_mismatch')
  setItem(
    @Param('productId', IdPipe) productId: string,
    @Body() { quantity }: SetQuantityDto,
    @CurrentOwner() owner: CartOwner,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.setItem(owner, { productId, quantity }, ifMatch);
  }

  /** Takes a product out. What is not there changes nothing. */
  @Delete('items/:productId')
  @Etag(cartTag)
  @Problems('version_mismatch')
  removeItem(
    @Param('productId', IdPipe) productId: string,
    @CurrentOwner() owner: CartOwner,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.removeItem(owner, productId, ifMatch);
  }

  /** Empties the cart. */
  @Delete()
  @HttpCode(204)
  @Problems('version_mismatch')
  clear(@CurrentOwner() owner: CartOwner, @IfMatch() ifMatch: Precondition): Promise<void> {
    return this.cart.clear(owner, ifMatch);
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
    @CurrentOwner() owner: CartOwner,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CartResponse> {
    return this.cart.attachCoupon(owner, code, ifMatch);
  }

  /** Takes the coupon off the cart. */
  @Delete('coupon')
  @Etag(cartTag)
  @Problems('version_mismatch')
  detachCoupon(@CurrentOwner() owner: CartOwner, @IfMatch() ifMatch: Precondition): Promise<CartResponse> {
    return this.cart.detachCoupon(owner, ifMatch);
  }
}
