import { PageQuery } from '../../../common/http/page.query';
import { Optional, QueryBoolean, SearchText } from '../../../common/validation/fields';

export class ListCouponsQuery extends PageQuery {
  /** Part of a code or description. */
  @Optional()
  @SearchText()
  q?: string;

  /** Only those that are switched on, or only those that are not. */
  @Optional()
  @QueryBoolean()
  active?: boolean;
}
