import type { EntityManager } from 'typeorm';
import { currencyDigits } from '../../../common/money/currency';
import { fromBigint } from '../../../common/money/money.column';
import { toMajor } from '../../../common/money/money';
import { pathsOf } from '../category-paths';
import type { ProductStatus } from '../entities/product.entity';
import { formatCategoryPath } from '../import/category-path';
import { escapeCell } from '../import/cell-escape';
import type { CatalogueColumn } from '../import/csv-records';

/** What the export reads of a product. Bigints come as text. */
export interface ExportRow {
  id: string;
  sku: string | null;
  name: string;
  description: string | null;
  priceMinor: string;
  currency: string;
  stock: number;
  /** Category names from the root. */
  categoryPath: readonly string[] | null;
  imageUrl: string | null;
  featured: boolean;
  status: ProductStatus;
  /** A JSON object as text: nobody has to parse it here. */
  attributes: string;
}

/** Some products, and where those after them begin. */
export interface ExportBatch {
  rows: ExportRow[];
  /** The id after which the next batch begins; null at the end. */
  next: string | null;
}

/** Before every id. */
export const START = '00000000-0000-0000-0000-000000000000';

/**
 * The next products in the order of their ids, with the paths of their categories at that instant.
 * @param after an id
 * @param limit how many are looked at: those that are deleted are left out afterwards. A condition on them beside the
 *   limit makes PostgreSQL read and sort the whole table for each batch, while it has no statistics of it.
 */
export async function readExportBatch(
  after: string,
  limit: number,
  manager: EntityManager,
): Promise<ExportBatch> {
  const rows = await manager.query<(ExportRow & { isDeleted: boolean })[]>(
    `WITH RECURSIVE batch AS MATERIALIZED (
       SELECT id, sku, name, description, price_minor, currency, stock, category_id, image_url, featured, status,
         attributes::text AS attributes, deleted_at IS NOT NULL AS is_deleted
       FROM products WHERE id > $1 ORDER BY id LIMIT $2
     ), ${pathsOf('SELECT category_id FROM batch')}
     SELECT batch.id, sku, name, description, price_minor AS "priceMinor", currency, stock,
       paths.names AS "categoryPath", image_url AS "imageUrl", featured, status, attributes, is_deleted AS "isDeleted"
     FROM batch LEFT JOIN paths ON paths.id = batch.category_id ORDER BY batch.id`,
    [after, limit],
  );
  const next = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
  return { rows: rows.filter(({ isDeleted }) => !isDeleted), next };
}

/** The cells of a product, such that an import of them changes nothing. */
export function toCells(row: ExportRow): Record<CatalogueColumn, string> {
  const { priceMinor, currency, categoryPath } = row;
  return {
    sku: textCell(row.sku),
    name: textCell(row.name),
    description: textCell(row.description),
    price: toMajor(fromBigint(priceMinor), currency).toFixed(currencyDigits(currency)),
    currency,
    stock: String(row.stock),
    categoryPath: textCell(categoryPath && formatCategoryPath(categoryPath)),
    imageUrl: textCell(row.imageUrl),
    featured: String(row.featured),
    status: row.status,
    attributes: row.attributes,
  };
}

function textCell(text: string | null): string {
  return text === null ? '' : escapeCell(text);
}
