import { ApiProperty } from '@nestjs/swagger';

export class FieldProblem {
  /** A JSON path such as `items[0].quantity`. */
  field: string;
  code: string;
  message: string;
}

/** A product that cannot be had, or not in that quantity. */
export class ProductProblem {
  productId: string;
  requested: number;
  /** Units that can be had: 0 of a product that is not for sale. */
  available: number;
  /** With `product_unavailable`: why it cannot be had. */
  @ApiProperty({ enum: ['out_of_stock', 'insufficient_stock', 'unavailable'], enumName: 'ItemIssue' })
  issue?: string;
}

/** An error (RFC 9457). */
export class ProblemResponse {
  type: string;
  title: string;
  status: number;
  /** Stable: what a program should look at. */
  code: string;
  /** What a person can read. */
  detail: string;
  instance: string;
  requestId: string;
  /** The fields that are not valid, at most 20. */
  errors?: FieldProblem[];
  /** With `insufficient_stock`: what there is of the first product that is short. */
  available?: number;
  /** With `insufficient_stock` and `product_unavailable`: every product concerned. */
  items?: ProductProblem[];
  /** With `price_changed`: the total as it is now, in major units. */
  total?: number;
  /** With `price_changed`: the currency of `total`. */
  currency?: string;
}
