import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { ENV, type Env } from '../../../config/env';
import { PRODUCT_COLUMNS, productSource, type ProductRow } from '../product-view';

/** A product as a list finds it: which one, and which versions of its row and of its category's row. */
export interface FoundProduct {
  id: string;
  rowVersion: string;
  categoryVersion: string | null;
}

/**
 * PostgreSQL's own number of the transaction that wrote a row: whatever changes a row changes it. An image is no part of
 * the row, but a change of it raises the product's version.
 */
export const FOUND_COLUMNS = 'p.id, p.xmin AS "rowVersion", c.xmin AS "categoryVersion"';

/** The share of `CACHE_MEMORY_MB`. */
const SHARE = 0.25;
const MEGABYTE = 1_000_000;
/** What a row and what is shown of it hold beside their texts. */
const OVERHEAD_BYTES = 2_000;

/**
 * Remembers products as lists read them. Most pages of a list are of products that another page has shown: which ones
 * they are is asked anew each time, with the versions of their rows, and only what is not known in that version is read.
 */
@Injectable()
export class KnownProducts {
  private readonly known: LRUCache<string, ProductRow>;

  constructor(@Inject(ENV) env: Env) {
    this.known = new LRUCache({
      maxSize: env.CACHE_MEMORY_MB * MEGABYTE * SHARE,
      // The texts of the row, and those of its answer, which holds them once more as JSON.
      sizeCalculation: (row) => OVERHEAD_BYTES + 2 * JSON.stringify(row).length,
    });
  }

  /** The products in the versions that were found. One statement at most. @returns null when one has changed since */
  async read(found: readonly FoundProduct[], db: EntityManager): Promise<ProductRow[] | null> {
    const missing = found.filter((product) => !this.known.has(keyOf(product)));
    const fresh = missing.length === 0 ? null : await this.learn(missing, db);
    const rows: ProductRow[] = [];
    for (const product of found) {
      const key = keyOf(product);
      const row = this.known.get(key) ?? fresh?.get(key);
      if (row === undefined) return null;
      rows.push(row);
    }
    return rows;
  }

  private async learn(
    products: readonly FoundProduct[],
    db: EntityManager,
  ): Promise<ReadonlyMap<string, ProductRow>> {
    const rows = await db.query<(ProductRow & FoundProduct)[]>(
      `SELECT ${PRODUCT_COLUMNS}, ${FOUND_COLUMNS} FROM ${productSource()} WHERE p.id = ANY ($1::uuid[])`,
      [products.map(({ id }) => id)],
    );
    for (const row of rows) this.known.set(keyOf(row), row);
    return new Map(rows.map((row) => [keyOf(row), row]));
  }
}

function keyOf({ id, rowVersion, categoryVersion }: FoundProduct): string {
  return `${id} ${rowVersion} ${categoryVersion ?? ''}`;
}
