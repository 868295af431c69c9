import { Optional, QueryBoolean } from '../../../common/validation/fields';

export class ImportCatalogueQuery {
  /** `true` only reports what would happen. */
  @Optional()
  @QueryBoolean()
  dryRun?: boolean;
}
