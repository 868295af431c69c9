import { Optional, QueryInt } from '../validation/fields';

/** Page mode of a list. */
export class PageQuery {
  /** The page, from 1. */
  @Optional()
  @QueryInt(1, 1_000_000)
  page?: number;

  /** Rows a page, 20 unless told. */
  @Optional()
  @QueryInt(1, 100)
  limit?: number;
}
