import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { fromBigint } from '../../common/money/money.column';
import type { CatalogueValues, StoredProduct } from './import/product-plan';
import { type AnnouncedProduct, announcedColumns } from './product-announcements';

export interface NewProduct extends CatalogueValues {
  id: string;
  sku: string;
  slug: string;
  lowStockThreshold: number | null;
  /** Left out: now. */
  createdAt?: Date;
}

export interface ChangedProduct extends CatalogueValues {
  id: string;
  /** The stock that was read under the lock. */
  previousStock: number;
}

const VALUE_COLUMNS = `name, description, price_minor, compare_at_price_minor, currency, stock, category_id, image_url,
  featured, status, attributes`;

const VALUE_TYPES = `name text, description text, price_minor bigint, compare_at_price_minor bigint, currency text,
  stock integer, category_id uuid, image_url text, featured boolean, status text, attributes jsonb`;

/** Reads the products with these skus and locks them, in id order, until the transaction ends. */
export async function lockProductsBySku(
  skus: readonly string[],
  tx: EntityManager,
): Promise<StoredProduct[]> {
  return findProducts(`${SELECT_BY_SKU} ORDER BY id FOR NO KEY UPDATE`, skus, tx);
}

/** {@link lockProductsBySku} without the lock: for looking only. */
export async function findProductsBySku(
  skus: readonly string[],
  tx: EntityManager,
): Promise<StoredProduct[]> {
  return findProducts(SELECT_BY_SKU, skus, tx);
}

const SELECT_BY_SKU = `SELECT id, sku, ${VALUE_COLUMNS} FROM products WHERE sku = ANY($1) AND deleted_at IS NULL`;

type ProductRow = Pick<
  StoredProduct,
  'id' | 'sku' | 'name' | 'description' | 'currency' | 'stock' | 'featured' | 'status'
> &
  Pick<StoredProduct, 'attributes'> & {
    price_minor: string;
    compare_at_price_minor: string | null;
    category_id: string | null;
    image_url: string | null;
  };

async function findProducts(
  sql: string,
  skus: readonly string[],
  tx: EntityManager,
): Promise<StoredProduct[]> {
  const rows = await tx.query<ProductRow[]>(sql, [skus]);
  return rows.map(({ price_minor, compare_at_price_minor, category_id, image_url, ...rest }) => ({
    ...rest,
    priceMinor: fromBigint(price_minor),
    compareAtPriceMinor: compare_at_price_minor === null ? null : fromBigint(compare_at_price_minor),
    categoryId: category_id,
    imageUrl: image_url,
  }));
}

/**
 * Inserts many products and the first row of their stock ledgers in one statement.
 * @returns how many were made: those whose sku or slug is taken are left out
 */
export async function insertProducts(products: readonly NewProduct[], tx: EntityManager): Promise<number> {
  if (products.length === 0) return 0;
  const made = await tx.query<unknown[]>(
    `WITH given AS (
       SELECT * FROM json_to_recordset($1) AS given (id uuid, sku text, slug text, ${VALUE_TYPES},
         low_stock_threshold integer, created_at timestamptz, movement_id uuid)
     ), made AS (
       INSERT INTO products (id, sku, slug, ${VALUE_COLUMNS}, low_stock_threshold, created_at, updated_at)
       SELECT id, sku, slug, ${VALUE_COLUMNS}, low_stock_threshold, coalesce(created_at, now()), coalesce(created_at, now())
       FROM given
       ON CONFLICT DO NOTHING
       RETURNING id, stock, created_at
     ), ledger AS (
       INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock, created_at)
       SELECT given.movement_id, made.id, made.stock, 'initial', 'Initial stock', made.stock, made.created_at
       FROM made JOIN given USING (id) WHERE made.stock > 0
     )
     SELECT id FROM made`,
    [JSON.stringify(products.map(toNewRow))],
  );
  return made.length;
}

/**
 * Writes changed products, a version higher each, and a ledger row where the stock changed. The caller holds
 * their locks.
 * @returns them as they are now, in no order
 */
export async function updateProducts(
  products: readonly ChangedProduct[],
  tx: EntityManager,
): Promise<AnnouncedProduct[]> {
  if (products.length === 0) return [];
  return tx.query<AnnouncedProduct[]>(
    `WITH given AS (
       SELECT * FROM json_to_recordset($1) AS given (id uuid, ${VALUE_TYPES}, previous_stock integer, movement_id uuid)
     ), changed AS (
       UPDATE products SET (${VALUE_COLUMNS}) = (SELECT ${qualified('given')}),
         version = version + 1, updated_at = now()
       FROM given WHERE products.id = given.id
       RETURNING ${announcedColumns('products')}
     ), ledger AS (
       INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock)
       SELECT given.movement_id, changed.id, changed.stock - given.previous_stock, 'import', 'Catalogue import', changed.stock
       FROM changed JOIN given USING (id) WHERE changed.stock <> given.previous_stock
     )
     SELECT * FROM changed`,
    [JSON.stringify(products.map(toChangedRow))],
  );
}

function qualified(table: string): string {
  return VALUE_COLUMNS.replace(/\w+/g, (column) => `${table}.${column}`);
}

function toNewRow({ id, sku, slug, lowStockThreshold, createdAt, ...values }: NewProduct): object {
  const own = {
    id,
    sku,
    slug,
    low_stock_threshold: lowStockThreshold,
    created_at: createdAt,
    movement_id: uuidv7(),
  };
  return { ...own, ...toValueRow(values) };
}

function toChangedRow({ id, previousStock, ...values }: ChangedProduct): object {
  return { id, previous_stock: previousStock, movement_id: uuidv7(), ...toValueRow(values) };
}

function toValueRow(values: CatalogueValues): object {
  const { priceMinor, compareAtPriceMinor, categoryId, imageUrl, ...rest } = values;
  return {
    ...rest,
    price_minor: priceMinor,
    compare_at_price_minor: compareAtPriceMinor,
    category_id: categoryId,
    image_url: imageUrl,
  };
}
