import type { Logger } from 'pino';
import { DomainError } from '../errors/domain-error';
import type { FileStore, StoredFile } from './file-store';

/** Says of every failure of a store that it is down, and tells the log why. */
export class GuardedFileStore implements FileStore {
  constructor(
    private readonly store: FileStore,
    private readonly logger: Logger,
  ) {}

  /** @throws DomainError `service_unavailable` */
  write(key: string, content: Buffer, mediaType: string): Promise<void> {
    return this.guard(this.store.write(key, content, mediaType));
  }

  /** @throws DomainError `service_unavailable` */
  open(key: string): Promise<StoredFile | null> {
    return this.guard(this.store.open(key));
  }

  /** @throws DomainError `service_unavailable` */
  remove(key: string): Promise<void> {
    return this.guard(this.store.remove(key));
  }

  private async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.logger.error({ event: 'file_store_failed', err: error });
      throw new DomainError('service_unavailable', 'The store of files is down. Try again shortly.');
    }
  }
}
