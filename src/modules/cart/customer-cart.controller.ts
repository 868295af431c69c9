import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../common/auth/access.decorators';
import { Etag } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { cartTag } from './cart-view';
import { CartService } from './cart.service';
import { CartResponse } from './dto/cart.response';

@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class CustomerCartController {
  constructor(private readonly cart: CartService) {}

  /** Shows a customer's cart, for support. */
  @Get(':id/cart')
  @Roles('ADMIN')
  @Limit('staff')
  @Etag(cartTag)
  @Problems('not_found')
  get(@Param('id', IdPipe) id: string): Promise<CartResponse> {
    return this.cart.getOf(id);
  }
}
