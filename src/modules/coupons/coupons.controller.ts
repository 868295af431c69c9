import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../common/auth/access.decorators';
import { Precondition } from '../../common/http/etag';
import { Etag, IfMatch, Location } from '../../common/http/http.decorators';
import { PageQuery } from '../../common/http/page.query';
import { IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { couponTag } from './coupon-view';
import { CouponsService } from './coupons.service';
import { CreateCouponDto, UpdateCouponDto } from './dto/coupon.dto';
import { CouponPage, CouponResponse, RedemptionPage } from './dto/coupon.response';
import { ListCouponsQuery } from './dto/list-coupons.query';

@ApiTags('Coupons')
@ApiBearerAuth()
@Roles('ADMIN')
@Limit('staff')
@Controller('coupons')
export class CouponsController {
  constructor(private readonly coupons: CouponsService) {}

  /** Lists the coupons, newest first. */
  @Get()
  list(@Query() query: ListCouponsQuery): Promise<CouponPage> {
    return this.coupons.list(query);
  }

  /** Shows a coupon. */
  @Get(':id')
  @Etag(couponTag)
  @Problems('not_found')
  get(@Param('id', IdPipe) id: string): Promise<CouponResponse> {
    return this.coupons.get(id);
  }

  /** Makes a coupon, with just one of the two discounts. */
  @Post()
  @Etag(couponTag)
  @Location<CouponResponse>(({ id }) => `/coupons/${id}`)
  @Problems('code_taken', 'idempotency_in_progress')
  create(@Body() dto: CreateCouponDto, @Idempotent() request: IdempotentRequest): Promise<CouponResponse> {
    return this.coupons.create(dto, request);
  }

  /** Changes the given fields of a coupon. */
  @Patch(':id')
  @Etag(couponTag)
  @Problems('not_found', 'code_taken', 'version_mismatch')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateCouponDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CouponResponse> {
    return this.coupons.update(id, dto, ifMatch);
  }

  /** Replaces a coupon: what is left out goes back to its default. */
  @Put(':id')
  @Etag(couponTag)
  @Problems('not_found', 'code_taken', 'version_mismatch')
  replace(
    @Param('id', IdPipe) id: string,
    @Body() dto: CreateCouponDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CouponResponse> {
    return this.coupons.replace(id, dto, ifMatch);
  }

  /** Deletes a coupon. Its redemptions stay readable. */
  @Delete(':id')
  @HttpCode(204)
  @Problems('not_found', 'version_mismatch')
  remove(@Param('id', IdPipe) id: string, @IfMatch() ifMatch: Precondition): Promise<void> {
    return this.coupons.remove(id, ifMatch);
  }

  /** Lists the redemptions of a coupon, newest first. */
  @Get(':id/redemptions')
  @Problems('not_found')
  listRedemptions(@Param('id', IdPipe) id: string, @Query() query: PageQuery): Promise<RedemptionPage> {
    return this.coupons.listRedemptions(id, query);
  }
}
