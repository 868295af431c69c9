import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/auth/access.decorators';
import { Etag, Location } from '../../common/http/http.decorators';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { guestCartTag } from './cart-view';
import { GuestCartResponse } from './dto/cart.response';
import { GuestCartsService } from './guest-carts.service';

@ApiTags('Cart')
@Controller('carts')
export class GuestCartsController {
  constructor(private readonly guestCarts: GuestCartsService) {}

  /**
   * Makes an empty cart for a guest.
   * @remarks Its `token` stands in for signing in on the routes below `/cart`, as `X-Cart-Token`. Sent along when the
   * guest registers or signs in, it brings the cart's content into the user's. A cart that did not change for 30 days
   * is removed.
   */
  @Post()
  @Public()
  @Limit('guestCart')
  @Etag(guestCartTag)
  @Location(() => '/cart')
  @Problems('idempotency_in_progress', 'idempotency_key_reused')
  create(
    @Idempotent({ isSecret: true, owner: 'address' }) request: IdempotentRequest,
  ): Promise<GuestCartResponse> {
    return this.guestCarts.create(request);
  }
}
