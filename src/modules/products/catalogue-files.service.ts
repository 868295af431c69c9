import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { DataSource } from 'typeorm';
import { DomainError } from '../../common/errors/domain-error';
import { Draining } from '../../common/http/draining';
import { type SpooledBody, withSpooledBody } from '../../common/http/spooled-body';
import { type IdempotentRequest, withBody } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { ENV, type Env } from '../../config/env';
import type { ImportCatalogueQuery } from './dto/import-catalogue.query';
import { exportCatalogue } from './export/catalogue-export';
import { importCatalogue, type ImportReport } from './import/catalogue-import';
import { countCatalogueRows } from './import/csv-records';

const MAX_FILE_BYTES = 100_000_000;

/** Each holds a connection, so that shoppers keep the rest of them. */
const MAX_RUNNING = 2;

/** Each may hold a file of 100 MB. */
const MAX_OPEN = 20;

/** The catalogue as a file: out, and in again. */
@Injectable()
export class CatalogueFilesService {
  private readonly running: LimitFunction;
  private open = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly idempotency: Idempotency,
    private readonly draining: Draining,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.running = pLimit(Math.min(MAX_RUNNING, env.DATABASE_POOL_SIZE));
  }

  /** All products that are not deleted, as they are read. */
  export(): Promise<Readable> {
    return exportCatalogue(this.dataSource.manager);
  }

  /**
   * Receives the file whole, checks it whole, and only then imports it, batch by batch.
   * @throws DomainError `validation_failed` for what is no catalogue file, `service_unavailable` when 20 imports are
   *   open already, and when a batch fails or the process is to end, which keeps the batches before
   * @throws HttpProblem `body_too_large` past 100 MB
   */
  async import(
    upload: IncomingMessage,
    { dryRun = false }: ImportCatalogueQuery,
    request: IdempotentRequest,
  ): Promise<ImportReport> {
    if (this.open >= MAX_OPEN) throw tooBusy();
    this.open += 1;
    try {
      return await withSpooledBody(upload, MAX_FILE_BYTES, (file) => this.importFile(file, dryRun, request));
    } finally {
      this.open -= 1;
    }
  }

  private async importFile(
    file: SpooledBody,
    dryRun: boolean,
    request: IdempotentRequest,
  ): Promise<ImportReport> {
    await countCatalogueRows(file.read());
    const settings = { storeCurrency: this.env.STORE_CURRENCY, dryRun, signal: this.draining.signal };
    return this.running(() =>
      this.idempotency.runInSteps(withBody(request, file.sha256), (manager) =>
        importCatalogue(file.read(), { manager, ...settings }),
      ),
    );
  }
}

function tooBusy(): DomainError {
  return new DomainError('service_unavailable', 'Too many imports are running. Try again later.', {
    retryAfterSeconds: 30,
  });
}
