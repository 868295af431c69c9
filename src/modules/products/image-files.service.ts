import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { DomainError, notFound } from '../../common/errors/domain-error';
import { FILE_STORE, type FileStore, type StoredFile } from '../../common/files/file-store';
import { LOGGER } from '../../common/logging/logger';
import { convertImage, type ConvertedImage } from './images/convert-image';
import { fileOf, IMAGE_FILES, IMAGE_TYPE, keyOf, SIZES } from './images/image-sizes';

const MAX_QUEUE = 50;

/** An image whose files are in the store, before the database knows it. */
export interface NewImage {
  id: string;
  /** Pixels of the original, held upright. */
  width: number;
  height: number;
}

/** The files of images: converts at most as many at once as there are cores, stores and serves them. */
@Injectable()
export class ImageFilesService {
  private readonly limit = pLimit(availableParallelism());

  constructor(
    @Inject(FILE_STORE) private readonly store: FileStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Makes an image of what was uploaded, in all sizes, under a new id. Slow: not for a transaction.
   * @throws HttpProblem `unsupported_media_type`
   * @throws DomainError `validation_failed` for too many pixels; `service_unavailable` when 50 others wait already,
   * and when the store is down, with nothing left behind
   */
  async make(content: Buffer): Promise<NewImage> {
    const { width, height, sizes } = await this.convert(content);
    const id = uuidv7();
    const writes = SIZES.map((size) => this.store.write(keyOf(id, fileOf(size)), sizes[size], IMAGE_TYPE));
    const failed = (await Promise.allSettled(writes)).find((write) => write.status === 'rejected');
    if (!failed) return { id, width, height };
    await this.remove(id);
    throw failed.reason;
  }

  /** @throws DomainError `not_found`, `service_unavailable` */
  async open(imageId: string, file: string): Promise<StoredFile> {
    const found = IMAGE_FILES.includes(file) ? await this.store.open(keyOf(imageId, file)) : null;
    if (!found) throw notFound('image');
    return found;
  }

  /** Never throws: files that stay behind harm nobody, and the log names them. */
  async remove(imageId: string): Promise<void> {
    const removals = IMAGE_FILES.map((file) => this.store.remove(keyOf(imageId, file)));
    const isLeft = (await Promise.allSettled(removals)).some(({ status }) => status === 'rejected');
    if (isLeft) this.logger.warn({ event: 'image_files_left', imageId });
  }

  private convert(content: Buffer): Promise<ConvertedImage> {
    if (this.limit.pendingCount >= MAX_QUEUE) {
      throw new DomainError('service_unavailable', 'Too many images are waiting. Try again shortly.');
    }
    return this.limit(() => convertImage(content));
  }
}
