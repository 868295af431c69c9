import { PageQuery } from '../../../common/http/page.query';
import { IdField, Optional, SearchText, SortBy } from '../../../common/validation/fields';

export class ListCategoriesQuery extends PageQuery {
  /** Part of a name, slug or description. */
  @Optional()
  @SearchText()
  q?: string;

  /** Only the children of this category. */
  @Optional()
  @IdField()
  parentId?: string;

  /** name, position or createdAt; `position,name` unless told. */
  @Optional()
  @SortBy('name', 'position', 'createdAt')
  sort?: string[];
}
