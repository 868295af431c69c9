import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChange } from '../../common/audit/audit';
import { type AuthenticatedUser, isStaff } from '../../common/auth/authenticated-user';
import { Replicas } from '../../common/database/replicas';
import { Transactions } from '../../common/database/transactions';
import { translated } from '../../common/database/translated';
import { invalid, notFound } from '../../common/errors/domain-error';
import { recordEvents } from '../../common/events/events';
import type { Precondition } from '../../common/http/etag';
import { mapPage } from '../../common/http/pagination';
import type { PageQuery } from '../../common/http/page.query';
import { isUuid } from '../../common/http/path.pipes';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { toMinorOrNull } from '../../common/money/money';
import { firstFreeSlug, slugFrom, unreservedSlug } from '../../common/text/slug';
import { definedOf } from '../../common/objects/defined';
import { ENV, type Env } from '../../config/env';
import type { ListProductsQuery, ProductFilters } from './dto/list-products.query';
import type { ProductFacets as Facets } from './dto/product-facets.response';
import type { CreateProductDto, UpdateProductDto } from './dto/product.dto';
import type { ProductPage, ProductResponse, ProductSuggestions } from './dto/product.response';
import { Product } from './entities/product.entity';
import { ImageUrlsService } from './image-urls.service';
import { createdProduct, deletedProduct, updatedProduct } from './product-announcements';
import { productFacts } from './product-audit';
import {
  amountsOf,
  PRODUCT_COLUMNS,
  productSource,
  type ProductRow,
  rowTag,
  toGuestResponse,
  toProductResponse,
  toSuggestion,
} from './product-view';
import { translateProductError } from './products.errors';
import { ProductFacets } from './search/product-facets';
import { ProductLists } from './search/product-lists';
import { suggestProducts } from './search/suggest-products';
import { recordMovement } from './stock-ledger';

/** The catalogue: lists and reads for everyone, edits for staff. */
@Injectable()
export class ProductsService {
  constructor(
    private readonly replicas: Replicas,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly lists: ProductLists,
    private readonly facets: ProductFacets,
    private readonly urls: ImageUrlsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Lists products, by number or by cursor.
   * @throws DomainError `validation_failed` when someone who is not staff asks for a status
   */
  async list(query: ListProductsQuery, viewer: AuthenticatedUser | undefined): Promise<ProductPage> {
    const forStaff = isStaff(viewer);
    assertStatus(query, forStaff);
    const page = await this.replicas.read((db) => this.lists.read(query, db));
    return mapPage(page, (row) =>
      forStaff ? toProductResponse(row, true, this.urls) : toGuestResponse(row, this.urls),
    );
  }

  listFeatured(query: PageQuery, viewer: AuthenticatedUser | undefined): Promise<ProductPage> {
    return this.list({ ...query, featured: true }, viewer);
  }

  /** @throws DomainError `validation_failed` when someone who is not staff asks for a status */
  async countFacets(filters: ProductFilters, viewer: AuthenticatedUser | undefined): Promise<Facets> {
    assertStatus(filters, isStaff(viewer));
    return this.replicas.read((db) => this.facets.count(filters, db));
  }

  /** Products whose name has what is being typed. */
  async suggest(q: string): Promise<ProductSuggestions> {
    const suggested = await this.replicas.read((db) => suggestProducts(q, db));
    return { data: suggested.map((row) => toSuggestion(row, this.urls)) };
  }

  /** Drafts and archived products are for staff only. @throws DomainError `not_found` */
  async get(idOrSlug: string, viewer: AuthenticatedUser | undefined): Promise<ProductResponse> {
    const forStaff = isStaff(viewer);
    const product = await this.replicas.read((db) => findRow(idOrSlug, db));
    if (!product || (product.status !== 'active' && !forStaff)) throw notFound('product');
    return toProductResponse(product, forStaff, this.urls);
  }

  /** @throws DomainError `slug_taken`, `sku_taken`, `validation_failed` */
  create(dto: CreateProductDto, request: IdempotentRequest): Promise<ProductResponse> {
    return this.idempotency.run(request, async (tx) => {
      const id = uuidv7();
      const slug = await newSlug(dto, tx);
      const currency = dto.currency ?? this.env.STORE_CURRENCY;
      await translated(
        tx.insert(Product, { ...columnsOf(dto, currency), id, slug, currency, stock: dto.stock ?? 0 }),
        translateProductError,
      );
      await recordStock(id, { from: 0, to: dto.stock ?? 0 }, 'initial', tx);
      const product = await getRow(id, tx);
      await recordEvents([createdProduct(product)], tx);
      await recordChange({ action: 'product.created', id, before: null, after: productFacts(product) }, tx);
      return toProductResponse(product, true, this.urls);
    });
  }

  /** @throws DomainError `not_found`, `version_mismatch`, `slug_taken`, `sku_taken`, `validation_failed` */
  update(id: string, dto: UpdateProductDto, ifMatch: Precondition): Promise<ProductResponse> {
    return this.transactions.run(async (tx) => {
      const current = await lockProduct(id, ifMatch, tx);
      const currency = dto.currency ?? current.currency;
      const slug = dto.slug && { slug: unreservedSlug(dto.slug) };
      if (slug) await lockSlug(slug.slug, tx);
      const columns = columnsOf(inCurrency(dto, current, currency), currency);
      const stock = dto.stock ?? current.stock;
      const changes = {
        ...columns,
        ...slug,
        currency,
        stock,
        version: () => 'version + 1',
        updatedAt: () => 'now()',
      };
      await translated(tx.update(Product, { id }, changes), translateProductError);
      await recordStock(id, { from: current.stock, to: stock }, 'edit', tx);
      const product = await getRow(id, tx);
      await recordEvents(updatedProduct(current, product), tx);
      const facts = { before: productFacts(current), after: productFacts(product) };
      await recordChange({ action: 'product.updated', id, ...facts }, tx);
      return toProductResponse(product, true, this.urls);
    });
  }

  /** Like {@link update}; what is left out goes back to its default, but the slug stays. */
  replace(id: string, dto: CreateProductDto, ifMatch: Precondition): Promise<ProductResponse> {
    const defaults = {
      currency: this.env.STORE_CURRENCY,
      sku: null,
      description: null,
      compareAtPrice: null,
      stock: 0,
      lowStockThreshold: null,
      categoryId: null,
      imageUrl: null,
      featured: false,
      status: 'active' as const,
      attributes: {},
    };
    return this.update(id, { ...defaults, ...definedOf(dto) }, ifMatch);
  }

  /** Takes the product out of the catalogue. Carts say so, past orders keep it. @throws DomainError `not_found`, `version_mismatch` */
  async remove(id: string, ifMatch: Precondition): Promise<void> {
    await this.transactions.run(async (tx) => {
      const product = await lockProduct(id, ifMatch, tx);
      await tx.update(
        Product,
        { id },
        { deletedAt: () => 'now()', categoryId: null, version: () => 'version + 1' },
      );
      await recordEvents([deletedProduct({ ...product, version: product.version + 1 })], tx);
      await recordChange({ action: 'product.deleted', id, before: productFacts(product), after: null }, tx);
    });
  }
}

function assertStatus({ status }: ProductFilters, forStaff: boolean): void {
  if (status !== undefined && !forStaff)
    throw invalid('status', 'staff_only', 'Only staff may filter by status.');
}

/** Locks the product and compares what the writer saw. @throws DomainError `not_found`, `version_mismatch` */
export async function lockProduct(id: string, ifMatch: Precondition, tx: EntityManager): Promise<ProductRow> {
  const row = await findRow(id, tx, 'FOR NO KEY UPDATE OF p');
  if (!row) throw notFound('product');
  ifMatch.assertMatches(rowTag(row));
  return row;
}

async function findRow(idOrSlug: string, tx: EntityManager, lock = ''): Promise<ProductRow | undefined> {
  const column = isUuid(idOrSlug) ? 'p.id' : 'p.slug';
  const rows = await tx.query<ProductRow[]>(
    `SELECT ${PRODUCT_COLUMNS} FROM ${productSource()} WHERE ${column} = $1 AND p.deleted_at IS NULL ${lock}`,
    [idOrSlug],
  );
  return rows[0];
}

async function getRow(id: string, tx: EntityManager): Promise<ProductRow> {
  const row = await findRow(id, tx);
  if (!row) throw notFound('product');
  return row;
}

/** The columns that follow from what is given; money in minor units of `currency`. */
function columnsOf(dto: UpdateProductDto, currency: string): QueryDeepPartialEntity<Product> {
  const { price, compareAtPrice, slug: _slug, stock: _stock, currency: _currency, ...plain } = dto;
  return definedOf({
    ...plain,
    priceMinor: toMinorOrNull(price, currency, 'price'),
    compareAtPriceMinor: toMinorOrNull(compareAtPrice, currency, 'compareAtPrice'),
  });
}

/** With a new currency, amounts that are not given stay the same number: 20 USD become 20 JPY, 19.99 USD cannot. */
function inCurrency(dto: UpdateProductDto, current: ProductRow, currency: string): UpdateProductDto {
  if (currency === current.currency) return dto;
  return { ...amountsOf(current), ...definedOf(dto) };
}

/** A row of the ledger for a stock that was set. */
async function recordStock(
  productId: string,
  { from, to }: { from: number; to: number },
  kind: 'initial' | 'edit',
  tx: EntityManager,
): Promise<void> {
  if (from === to) return;
  const reason = kind === 'initial' ? 'Initial stock' : 'Edited';
  await recordMovement({ productId, delta: to - from, kind, reason, stock: to }, tx);
}

/** The slug of a new product: the given one, or one made from the name with a suffix when it is taken. */
async function newSlug({ slug, name }: CreateProductDto, tx: EntityManager): Promise<string> {
  const wanted = slug ? unreservedSlug(slug) : slugFrom(name, 'product');
  await lockSlug(wanted, tx);
  if (slug) return wanted;
  const rows = await tx.query<{ slug: string }[]>(
    `SELECT slug FROM products WHERE deleted_at IS NULL AND slug = $1
     UNION ALL SELECT slug FROM products
      WHERE deleted_at IS NULL AND slug LIKE $2 AND substr(slug, length($2)) ~ '^[0-9]+$'`,
    [wanted, `${wanted}-%`],
  );
  return firstFreeSlug(wanted, new Set(rows.map((row) => row.slug)));
}

/** Whoever gives slugs of one stem (`lamp`, `lamp-2`) at the same time queues up here, so that what is made stays free. */
async function lockSlug(slug: string, tx: EntityManager): Promise<void> {
  const stem = slug.replace(/(-\d+)+$/, '');
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('products.slug ' || $1, 0))`, [stem]);
}
