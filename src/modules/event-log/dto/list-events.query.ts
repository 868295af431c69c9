import { Optional, QueryInt } from '../../../common/validation/fields';

const MAX_POSITION = 999_999_999_999_999;

export class ListEventsQuery {
  /** The `position` of the last event that is known; 0 for all from the first. Left out: the oldest that is kept. */
  @Optional()
  @QueryInt(0, MAX_POSITION)
  after?: number;

  /** Events a page, 20 unless told. */
  @Optional()
  @QueryInt(1, 100)
  limit?: number;
}
