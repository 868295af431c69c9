import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recordChange } from '../../common/audit/audit';
import { Transactions } from '../../common/database/transactions';
import { DomainError, invalid, notFound } from '../../common/errors/domain-error';
import { recordEvents } from '../../common/events/events';
import type { Precondition } from '../../common/http/etag';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import type { AddImageDto, ChangeImageDto } from './dto/product-image.dto';
import type { ImageResponse } from './dto/product.response';
import { ProductImage } from './entities/product-image.entity';
import { ImageFilesService, type NewImage } from './image-files.service';
import { ImageUrlsService } from './image-urls.service';
import { placed } from './images/image-order';
import { type AnnouncedProduct, announcedColumns, changedImages } from './product-announcements';
import { toImageResponse } from './product-view';
import { lockProduct } from './products.service';

const MAX_IMAGES = 20;

/** A write to one image of a product. */
interface ImageTarget {
  productId: string;
  imageId: string;
  /** Of the product: images are its own. */
  ifMatch: Precondition;
}

/** The images of a product. Each change locks the product, renumbers its images and raises its version. */
@Injectable()
export class ProductImagesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly files: ImageFilesService,
    private readonly urls: ImageUrlsService,
  ) {}

  /**
   * Adds an image. It is converted and stored before the transaction, which then only writes a row.
   * @throws DomainError `not_found`, `version_mismatch`, `validation_failed`, `service_unavailable`
   * @throws HttpProblem `unsupported_media_type`
   */
  async add(
    productId: string,
    { content, ...dto }: AddImageDto & { content: Buffer },
    ifMatch: Precondition,
    request: IdempotentRequest,
  ): Promise<ImageResponse> {
    const kept = await this.idempotency.findKept<ImageResponse>(request);
    if (kept) return kept;
    // Asked again under the lock that counts: this once saves the work of an upload that has no chance.
    await this.transactions.run((tx) => lockWithRoom(productId, ifMatch, tx));
    const image = await this.files.make(content);
    try {
      const shown = await this.idempotency.run(request, async (tx) => {
        const images = await lockWithRoom(productId, ifMatch, tx);
        return this.insert(productId, { ...image, ...dto }, images, tx);
      });
      // The same request, sent twice at once: the other one was faster.
      if (shown.id !== image.id) await this.files.remove(image.id);
      return shown;
    } catch (error) {
      if (await this.isSurelyMissing({ productId, imageId: image.id }, error))
        await this.files.remove(image.id);
      throw error;
    }
  }

  /** @throws DomainError `not_found`, `version_mismatch` */
  change({ productId, imageId, ifMatch }: ImageTarget, dto: ChangeImageDto): Promise<ImageResponse> {
    return this.transactions.run(async (tx) => {
      const images = await lockImages(productId, ifMatch, tx);
      const ids = idsOf(images);
      assertHas(ids, imageId);
      const order = dto.position === undefined ? ids : placed(ids, imageId, dto.position);
      const moved = await renumber(productId, order, tx);
      const renamed = dto.alt === undefined ? 0 : await setAlt(imageId, dto.alt, tx);
      if (moved + renamed > 0) await noteChange(productId, images, tx);
      return this.read(imageId, tx);
    });
  }

  /** Its files go too, unless a past order shows them. @throws DomainError `not_found`, `version_mismatch` */
  async remove({ productId, imageId, ifMatch }: ImageTarget): Promise<void> {
    await this.transactions.run(async (tx) => {
      const images = await lockImages(productId, ifMatch, tx);
      const ids = idsOf(images);
      assertHas(ids, imageId);
      await tx.delete(ProductImage, { id: imageId });
      await renumber(
        productId,
        ids.filter((id) => id !== imageId),
        tx,
      );
      await noteChange(productId, images, tx);
    });
    if (!(await this.mayBeShown(productId, imageId))) await this.files.remove(imageId);
  }

  /**
   * Whether a past order shows the image; when in doubt. All orders of the product are looked through, so not under its
   * lock, where shoppers would wait for it: no new order can show an image that is gone.
   */
  private mayBeShown(productId: string, imageId: string): Promise<boolean> {
    return this.transactions.run((tx) => isShownByOrder(productId, imageId, tx)).catch(() => true);
  }

  private async insert(
    productId: string,
    { id, width, height, alt, position }: NewImage & AddImageDto,
    images: readonly ImageFacts[],
    tx: EntityManager,
  ): Promise<ImageResponse> {
    const ids = idsOf(images);
    await tx.insert(ProductImage, { id, productId, position: ids.length, alt: alt ?? null, width, height });
    await renumber(productId, placed(ids, id, position), tx);
    await noteChange(productId, images, tx);
    return this.read(id, tx);
  }

  private async read(imageId: string, tx: EntityManager): Promise<ImageResponse> {
    return toImageResponse(await tx.findOneByOrFail(ProductImage, { id: imageId }), this.urls);
  }

  /**
   * Whether the database is sure not to have the image of a failed transaction. A COMMIT whose answer was lost may
   * have made it, or be about to, so this waits for the product's lock; when in doubt the files stay.
   */
  private async isSurelyMissing(
    { productId, imageId }: Pick<ImageTarget, 'productId' | 'imageId'>,
    failure: unknown,
  ): Promise<boolean> {
    if (failure instanceof DomainError) return true;
    try {
      return await this.transactions.run(async (tx) => {
        await tx.query('SELECT FROM products WHERE id = $1 FOR NO KEY UPDATE', [productId]);
        return !(await tx.existsBy(ProductImage, { id: imageId }));
      });
    } catch {
      return false;
    }
  }
}

/** What the audit log tells of an image; the order of the list is that of the images. */
type ImageFacts = Pick<ProductImage, 'id' | 'alt'>;

/** Locks the product. @returns its images, in their order @throws DomainError `not_found`, `version_mismatch` */
async function lockImages(
  productId: string,
  ifMatch: Precondition,
  tx: EntityManager,
): Promise<ImageFacts[]> {
  await lockProduct(productId, ifMatch, tx);
  // A statement of its own: it sees what the lock's last holder committed.
  return readImages(productId, tx);
}

function readImages(productId: string, tx: EntityManager): Promise<ImageFacts[]> {
  return tx.query<ImageFacts[]>(
    'SELECT id, alt FROM product_images WHERE product_id = $1 ORDER BY position',
    [productId],
  );
}

function idsOf(images: readonly ImageFacts[]): string[] {
  return images.map(({ id }) => id);
}

/** {@link lockImages} for one more. @throws DomainError `validation_failed` when there are 20 */
async function lockWithRoom(
  productId: string,
  ifMatch: Precondition,
  tx: EntityManager,
): Promise<ImageFacts[]> {
  const images = await lockImages(productId, ifMatch, tx);
  if (images.length >= MAX_IMAGES)
    throw invalid('file', 'too_many_images', `A product has at most ${MAX_IMAGES} images.`);
  return images;
}

function assertHas(ids: readonly string[], imageId: string): void {
  if (!ids.includes(imageId)) throw notFound('image');
}

/** Numbers the images from 0 in this order. @returns how many have another number now */
async function renumber(productId: string, ids: readonly string[], tx: EntityManager): Promise<number> {
  const [, count] = await tx.query<[unknown[], number]>(
    `UPDATE product_images image SET position = place.number - 1
       FROM unnest($2::uuid[]) WITH ORDINALITY AS place (id, number)
      WHERE image.product_id = $1 AND image.id = place.id AND image.position <> place.number - 1`,
    [productId, ids],
  );
  return count;
}

/** @returns 1, or 0 when it was that already */
async function setAlt(imageId: string, alt: string | null, tx: EntityManager): Promise<number> {
  const [, count] = await tx.query<[unknown[], number]>(
    'UPDATE product_images SET alt = $2 WHERE id = $1 AND alt IS DISTINCT FROM $2',
    [imageId, alt],
  );
  return count;
}

/** Images are a product's own: a change of theirs is one of the product, and others are told of it. */
async function noteChange(
  productId: string,
  before: readonly ImageFacts[],
  tx: EntityManager,
): Promise<void> {
  const [[product]] = await tx.query<[AnnouncedProduct[], number]>(
    `UPDATE products p SET version = version + 1, updated_at = now() WHERE id = $1
     RETURNING ${announcedColumns('p')}`,
    [productId],
  );
  if (product) await recordEvents([changedImages(product)], tx);
  const facts = { before: { images: before }, after: { images: await readImages(productId, tx) } };
  await recordChange({ action: 'product.images_changed', id: productId, ...facts }, tx);
}

/** Whether an order copied the image's URL, from whatever address the shop had then. */
async function isShownByOrder(productId: string, imageId: string, tx: EntityManager): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `SELECT FROM order_items WHERE product_id = $1 AND image_url LIKE '%/images/' || $2 || '/%' LIMIT 1`,
    [productId, imageId],
  );
  return rows.length > 0;
}
