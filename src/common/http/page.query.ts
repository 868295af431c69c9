import { MaxLength, ValidateBy } from 'class-validator';
import { Optional, QueryInt } from '../validation/fields';

/** How a list is paged: by numbers, or from cursor to cursor. */
export class PageQuery {
  /** The page, from 1. */
  @Optional()
  @QueryInt(1, 1_000_000)
  page?: number;

  /** Rows a page, 20 unless told. */
  @Optional()
  @QueryInt(1, 100)
  limit?: number;

  /** For endless scrolling, in place of `page`: empty for the first page, then the `nextCursor` of the page before. */
  @Optional()
  @MaxLength(2_000)
  @WithoutPage()
  cursor?: string;
}

function WithoutPage(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'withoutPage',
      validator: { validate: (_, context) => !isNumbered(context?.object) },
    },
    { message: 'cursor and page exclude each other' },
  );
}

function isNumbered(query: object | undefined): boolean {
  return query !== undefined && 'page' in query && query.page !== undefined;
}
