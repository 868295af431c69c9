import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { recordChange } from '../../common/audit/audit';
import { SqlFilter } from '../../common/database/sql';
import { together } from '../../common/database/together';
import { notFound } from '../../common/errors/domain-error';
import type { Precondition } from '../../common/http/etag';
import type { PageQuery } from '../../common/http/page.query';
import type { ListPage } from '../../common/http/page.response';
import { mapPage } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Lists } from '../../common/lists/lists';
import type { SortTerm } from '../../common/lists/sort-order';
import { fromBigint } from '../../common/money/money.column';
import { type AdjustStockDto, MAX_STOCK } from './dto/product.dto';
import type { StockMovementResponse } from './dto/product.response';
import { Product } from './entities/product.entity';
import { StockMovement } from './entities/stock-movement.entity';
import { ImageUrlsService } from './image-urls.service';
import { issueOf, type ItemIssue } from './item-issue';
import { insufficientStock, productUnavailable, tooMuchStock } from './products.errors';
import { lockProduct } from './products.service';
import { latestMovement, moveStock, toMovementResponse } from './stock-ledger';

export { issueOf, ITEM_ISSUES, type ItemIssue } from './item-issue';

/** As they were written, the latest first. */
const LATEST_FIRST: readonly SortTerm[] = [{ sql: 'seq', type: 'bigint', isDescending: true }];

/** So many units of one product. */
export interface Quantity {
  productId: string;
  quantity: number;
}

/** An active product: what carts check and orders copy. */
export interface SellableProduct {
  id: string;
  sku: string | null;
  name: string;
  /** The first image's, else the plain one. Only for an order is it looked up: see {@link StockService.lockForSale}. */
  imageUrl: string | null;
  priceMinor: number;
  currency: string;
  stock: number;
}

interface OrderReference {
  id: string;
  number: string;
}

/** Stock: who takes it, who gives it back, and the ledger of all that. */
@Injectable()
export class StockService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly idempotency: Idempotency,
    private readonly urls: ImageUrlsService,
    private readonly lists: Lists,
  ) {}

  /** @throws DomainError `not_found`, `version_mismatch`, `insufficient_stock`, `validation_failed` past a billion */
  adjust(
    productId: string,
    { delta, reason }: AdjustStockDto,
    ifMatch: Precondition,
    request: IdempotentRequest,
  ): Promise<StockMovementResponse> {
    return this.idempotency.run(request, async (tx) => {
      const { stock } = await lockProduct(productId, ifMatch, tx);
      if (stock + delta < 0) throw insufficientStock([{ productId, requested: -delta, available: stock }]);
      if (stock + delta > MAX_STOCK) throw tooMuchStock();
      await moveStock([{ productId, quantity: delta }], { kind: 'adjustment', reason }, tx);
      const movement = await latestMovement(productId, tx);
      const facts = { before: { stock }, after: { stock: movement.stock, reason } };
      await recordChange({ action: 'product.stock_adjusted', id: productId, ...facts }, tx);
      return movement;
    });
  }

  /** The ledger of a product, newest first. @throws DomainError `not_found` */
  async listMovements(productId: string, query: PageQuery): Promise<ListPage<StockMovementResponse>> {
    const { manager } = this.dataSource;
    if (!(await manager.existsBy(Product, { id: productId, deletedAt: IsNull() }))) throw notFound('product');
    const filter = new SqlFilter().add('product_id = ?', productId);
    const list = { name: `movements of ${productId}`, entity: StockMovement, filter, order: LATEST_FIRST };
    return mapPage(await this.lists.read(list, query), toMovementResponse);
  }

  /**
   * Locks the products in the order of their ids and checks that each can be sold. Nothing is taken yet.
   * @throws DomainError `product_unavailable`, `insufficient_stock`, each naming every product concerned
   */
  async lockForSale(wanted: readonly Quantity[], tx: EntityManager): Promise<Map<string, SellableProduct>> {
    const ids = idsOf(wanted);
    // Images in a statement of their own: it sees what the locks' last holders committed.
    const [products, images] = await together([
      findActive(ids, tx, 'FOR NO KEY UPDATE'),
      firstImages(ids, tx),
    ]);
    assertForSale(wanted, products);
    assertInStock(wanted, products);
    for (const product of products.values())
      product.imageUrl = this.urls.mainOf(images.get(product.id), product.imageUrl);
    return products;
  }

  /**
   * Looks products up that somebody means to buy. Without a lock: only an order decides.
   * @throws DomainError `product_unavailable`, naming every product concerned
   */
  async findForSale(wanted: readonly Quantity[], tx: EntityManager): Promise<Map<string, SellableProduct>> {
    const products = await findActive(idsOf(wanted), tx);
    assertForSale(wanted, products);
    return products;
  }

  /** {@link findForSale} that leaves out what is not for sale. */
  findIfForSale(productIds: readonly string[], tx: EntityManager): Promise<Map<string, SellableProduct>> {
    return findActive(productIds, tx);
  }

  /** Takes stock for an order, with a row of the ledger for each product. The caller has locked the products. */
  async take(sold: readonly Quantity[], order: OrderReference, tx: EntityManager): Promise<void> {
    const changes = sold.map(({ productId, quantity }) => ({ productId, quantity: -quantity }));
    await moveStock(changes, { kind: 'order', reason: `Order ${order.number}`, orderId: order.id }, tx);
  }

  /** Gives the stock of a cancelled order back, locking the products in the order of their ids. */
  async giveBack(returned: readonly Quantity[], order: OrderReference, tx: EntityManager): Promise<void> {
    await tx.query('SELECT FROM products WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [
      idsOf(returned),
    ]);
    const reason = `Order ${order.number} cancelled`;
    await moveStock(returned, { kind: 'cancellation', reason, orderId: order.id }, tx);
  }
}

function idsOf(wanted: readonly Quantity[]): string[] {
  return wanted.map(({ productId }) => productId);
}

/** @throws DomainError `product_unavailable`, naming every product concerned */
export function assertForSale(
  wanted: readonly Quantity[],
  products: ReadonlyMap<string, SellableProduct>,
): void {
  if (wanted.every(({ productId }) => products.has(productId))) return;
  throw productUnavailable(wanted.flatMap((item) => refusalOf(item, products)));
}

async function findActive(
  productIds: readonly string[],
  tx: EntityManager,
  lock = '',
): Promise<Map<string, SellableProduct>> {
  const rows = await tx.query<(Omit<SellableProduct, 'priceMinor'> & { priceMinor: string })[]>(
    `SELECT id, sku, name, image_url AS "imageUrl", price_minor AS "priceMinor", currency, stock
       FROM products
      WHERE id = ANY ($1::uuid[]) AND status = 'active' AND deleted_at IS NULL
      ORDER BY id ${lock}`,
    [productIds],
  );
  return new Map(rows.map((row) => [row.id, { ...row, priceMinor: fromBigint(row.priceMinor) }]));
}

function refusalOf(
  { productId, quantity: requested }: Quantity,
  products: ReadonlyMap<string, SellableProduct>,
): { productId: string; requested: number; available: number; issue: ItemIssue }[] {
  const product = products.get(productId);
  const available = product?.stock ?? 0;
  const issue = issueOf(product !== undefined, available, requested);
  return issue === null ? [] : [{ productId, requested, available, issue }];
}

/** The ids of the products' first images, by product. */
async function firstImages(productIds: readonly string[], tx: EntityManager): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; productId: string }[]>(
    'SELECT id, product_id AS "productId" FROM product_images WHERE product_id = ANY ($1::uuid[]) AND position = 0',
    [productIds],
  );
  return new Map(rows.map(({ id, productId }) => [productId, id]));
}

/** @throws DomainError `insufficient_stock`, naming every product that is short */
export function assertInStock(
  wanted: readonly Quantity[],
  products: ReadonlyMap<string, SellableProduct>,
): void {
  const shortages = wanted
    .map(({ productId, quantity }) => ({
      productId,
      requested: quantity,
      available: products.get(productId)?.stock ?? 0,
    }))
    .filter(({ requested, available }) => requested > available);
  if (shortages.length > 0) throw insufficientStock(shortages);
}
