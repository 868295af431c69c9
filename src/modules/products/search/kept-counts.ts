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
  private readonly counts = new LRUCache<string, ProductCount>({
    maxSize: MAX_SIZE,
    sizeCalculation: (_, key) => key.length,
  });

  private readonly underWay = new Map<string, Promise<ProductCount>>();

  /** As {@link countProducts}; no statement where the count is known, or being found out. */
  async count(filter: SqlFilter, db: EntityManager): Promise<ProductCount> {
    const generation = currentRequest.getStore()?.generation;
    if (generation === undefined) return countProducts(filter, db);
    const key = JSON.stringify([generation, filter.where, filter.whereParameters]);
    return this.counts.get(key) ?? this.underWay.get(key) ?? this.countAndKeep(key, filter, db);
  }

  /** A promise lives no longer than its work: it holds the request that it was made for. */
  private async countAndKeep(key: string, filter: SqlFilter, db: EntityManager): Promise<ProductCount> {
    const work = countProducts(filter, db);
    this.underWay.set(key, work);
    try {
      const count = await work;
      this.counts.set(key, count);
      return count;
    } finally {
      this.underWay.delete(key);
    }
  }
}
