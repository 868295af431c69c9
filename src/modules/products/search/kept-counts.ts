import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import type { SqlFilter } from '../../../common/database/sql';
import { currentRequest } from '../../../common/http/current-request';
import { countProducts, type ProductCount } from './count-products';

/** Of keys, in characters. */
const MAX_SIZE = 2_000_000;

/**
 * Remembers how many products lists have: all pages of a list have the same count, which costs more than a page. As long
 * as the catalogue's generation lasts, so only where the answer is kept for as long.
 */
@Injectable()
export class KeptCounts {
  private readonly counts = new LRUCache<string, Promise<ProductCount>>({
    maxSize: MAX_SIZE,
    sizeCalculation: (_, key) => key.length,
  });

  /** As {@link countProducts}; no statement where the count is known, or being found out. */
  async count(filter: SqlFilter, db: EntityManager): Promise<ProductCount> {
    const generation = currentRequest.getStore()?.generation;
    if (generation === undefined) return countProducts(filter, db);
    const key = JSON.stringify([generation, filter.where, filter.whereParameters]);
    const known = this.counts.get(key);
    if (known) return known;
    const count = countProducts(filter, db);
    this.counts.set(key, count);
    count.catch(() => this.counts.delete(key));
    return count;
  }
}
