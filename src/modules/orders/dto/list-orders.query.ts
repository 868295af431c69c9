import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PageQuery } from '../../../common/http/page.query';
import { IdField, Instant, Line, Optional, QueryBoolean } from '../../../common/validation/fields';
import { ORDER_STATUSES, type OrderStatus } from '../order-status';

export class ListOrdersQuery extends PageQuery {
  @Optional()
  @IsIn(ORDER_STATUSES)
  @ApiPropertyOptional({ enum: ORDER_STATUSES, enumName: 'OrderStatus' })
  status?: OrderStatus;

  /** The whole order number, without case. Blank is no filter. */
  @Optional()
  @Line(24)
  number?: string;

  /** Placed at or after (RFC 3339). */
  @Optional()
  @Instant()
  createdFrom?: string;

  /** Placed before (RFC 3339). */
  @Optional()
  @Instant()
  createdTo?: string;

  /** Staff only: orders of one customer. */
  @Optional()
  @IdField()
  userId?: string;

  /** Staff: only one's own orders. */
  @Optional()
  @QueryBoolean()
  mine?: boolean;
}
