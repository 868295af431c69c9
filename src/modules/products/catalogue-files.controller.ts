import { Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Staff } from '../../common/auth/access.decorators';
import type { AppRequest } from '../../common/http/app-request';
import { TakesBody, UnreadBody } from '../../common/http/takes-body.decorator';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { ApiCatalogueFile, ApiCatalogueUpload } from './catalogue-files.openapi';
import { CatalogueFilesService } from './catalogue-files.service';
import { ImportCatalogueQuery } from './dto/import-catalogue.query';
import { ImportReportResponse } from './dto/import-report.response';

const FILE = { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="catalogue.csv"' };

/** Its paths are words where those of the products are ids or slugs, so it comes before them. */
@ApiTags('Products')
@Controller('products')
export class CatalogueFilesController {
  constructor(private readonly files: CatalogueFilesService) {}

  /**
   * Writes all products that are not deleted, drafts too, as a catalogue file.
   * @remarks Streamed, in a stable order. Importing the file again changes nothing; products without a sku are in it, but the import refuses them. Text that a spreadsheet would run as a formula, blank text and the word `null` have an apostrophe in front, which the import takes off. When the database fails in between, the connection is cut before the file is whole.
   */
  @Get('export')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @ApiCatalogueFile()
  async export(): Promise<StreamableFile> {
    return new StreamableFile(await this.files.export(), FILE);
  }

  /**
   * Creates and updates products by sku from a catalogue file.
   * @remarks The file is received whole (100 MB and 100,000 rows at the most, within 30 seconds) and checked before anything is changed: one that is not UTF-8, is malformed anywhere or has a bad header is refused with 422, and nothing is changed. Then bad rows are reported and the others kept, in transactions of 500 rows. A 503 in between keeps the rows before it: send the file again, what is done already is `unchanged` then. The same holds after a crash, even with an `Idempotency-Key`. Two imports run at a time, others wait.
   */
  @Post('import')
  @HttpCode(200)
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @TakesBody('text/csv')
  @ApiCatalogueUpload()
  import(
    @UnreadBody() upload: AppRequest,
    @Query() query: ImportCatalogueQuery,
    @Idempotent() request: IdempotentRequest,
  ): Promise<ImportReportResponse> {
    return this.files.import(upload, query, request);
  }
}
