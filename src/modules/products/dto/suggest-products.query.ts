import { SearchText } from '../../../common/validation/fields';

export class SuggestProductsQuery {
  /** What has been typed so far; one letter is enough. */
  @SearchText()
  q: string;
}
