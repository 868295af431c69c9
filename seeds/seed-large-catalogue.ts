import type { DataSource } from 'typeorm';
import { startProgress } from '../src/commands/progress';
import { insertProducts, type NewProduct } from '../src/modules/products/product-rows';
import { generateProducts } from './content/generate';
import { SEED_PRODUCTS } from './content/products';
import { categoryIds, toNewProduct } from './seed-catalogue';

interface LargeCatalogueOptions {
  /** How many products there are to be in all, the written ones included. */
  size: number;
  currency: string;
  print: (line: string) => void;
}

const BATCH_SIZE = 1_000;
const MINUTE = 60_000;
const MINUTES_OF_A_YEAR = 525_600;
/** Has no factor in common with the minutes of a year, so that it visits them all before any comes again. */
const STRIDE = 104_729;

/**
 * Fills the catalogue up with generated products, spread over the past year. Those that are there, by sku, are left
 * as they are; a run that was cut short goes on where it stopped. Returns how many were made.
 */
export async function seedLargeCatalogue(
  dataSource: DataSource,
  { size, currency, print }: LargeCatalogueOptions,
): Promise<number> {
  const total = size - SEED_PRODUCTS.length;
  if (total <= 0) return 0;
  const ids = await categoryIds(dataSource.manager);
  const now = Date.now();
  const progress = startProgress({ label: 'Products', total, lineEvery: Math.ceil(total / 10), print });
  let made = 0;
  let done = 0;
  try {
    for (const batch of inBatches(generateProducts(total))) {
      const products = batch.map((product, index): NewProduct => {
        const createdAt = new Date(now - (((done + index) * STRIDE) % MINUTES_OF_A_YEAR) * MINUTE);
        return toNewProduct(product, { currency, ids, createdAt });
      });
      made += await insertProducts(products, dataSource.manager);
      done += batch.length;
      progress.update(done);
    }
  } finally {
    progress.stop();
  }
  // The planner should know about the new size at once, not when autovacuum comes by.
  await dataSource.query('ANALYZE products, stock_movements');
  return made;
}

function* inBatches<T>(source: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const one of source) {
    batch.push(one);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
