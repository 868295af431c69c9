import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChanges } from '../../../common/audit/audit';
import { recordEvents } from '../../../common/events/events';
import { slugFrom } from '../../../common/text/slug';
import { CATEGORY_TREE_LOCK } from '../../categories/categories.service';
import { findCategoryPaths } from '../category-paths';
import { type AnnouncedProduct, createdProduct, updatedProduct } from '../product-announcements';
import { importedChanges } from '../product-audit';
import {
  type ChangedProduct,
  findProductsBySku,
  insertProducts,
  lockProductsBySku,
  type NewProduct,
  updateProducts,
} from '../product-rows';
import { BatchRaced } from './batch-raced';
import { type CategoryLookup, findOrCreateCategories } from './category-tree';
import { findFreeSlugs } from './free-slugs';
import type { BadRow, ImportRow } from './import-row';
import {
  type CatalogueValues,
  differs,
  type PlannedValues,
  planValues,
  type StoredProduct,
} from './product-plan';

export interface BatchSettings {
  storeCurrency: string;
  dryRun: boolean;
}

export interface BatchOutcome {
  created: number;
  updated: number;
  unchanged: number;
  bad: BadRow[];
}

interface PlannedRow {
  sku: string;
  stored: StoredProduct | undefined;
  values: PlannedValues;
  /** Undefined where the product stays in the category that it has. */
  categoryPath: readonly string[] | null | undefined;
}

/**
 * Writes the rows in the transaction `tx`; the number of statements does not depend on how many there are. A dry
 * run takes no lock and writes nothing. Locks: the category tree's, which lets one import write at a time for
 * the length of a batch, then the products in id order.
 * @throws BatchRaced when someone else got in between: roll back and run the batch again
 */
export async function importBatch(
  rows: readonly ImportRow[],
  settings: BatchSettings,
  tx: EntityManager,
): Promise<BatchOutcome> {
  const stored = await loadStored(rows, settings, tx);
  const { planned: drafted, bad } = planRows(rows, stored, settings.storeCurrency);
  const planned = await keepCategories(drafted, tx);
  const paths = planned.flatMap(({ categoryPath }) => (categoryPath ? [categoryPath] : []));
  const categoryId = await findOrCreateCategories(paths, settings, tx);
  const fresh = planned.filter((row) => !row.stored);
  const changed = planned.flatMap((row) => toChanged(row, categoryId));
  if (!settings.dryRun) {
    const created = await insertFresh(fresh, categoryId, tx);
    const updated = await updateProducts(changed, tx);
    await announce(created, changed, updated, tx);
    await recordChanges(importedChanges(created, changed, stored.values()), tx);
  }
  const unchanged = planned.length - fresh.length - changed.length;
  return { created: fresh.length, updated: changed.length, unchanged, bad };
}

async function loadStored(
  rows: readonly ImportRow[],
  { dryRun }: BatchSettings,
  tx: EntityManager,
): Promise<Map<string, StoredProduct>> {
  const skus = rows.map(({ sku }) => sku);
  if (!dryRun) await tx.query('SELECT pg_advisory_xact_lock($1)', [CATEGORY_TREE_LOCK]);
  const found = await (dryRun ? findProductsBySku(skus, tx) : lockProductsBySku(skus, tx));
  return new Map(found.map((product) => [product.sku, product]));
}

function planRows(
  rows: readonly ImportRow[],
  storedBySku: ReadonlyMap<string, StoredProduct>,
  storeCurrency: string,
): { planned: PlannedRow[]; bad: BadRow[] } {
  const planned: PlannedRow[] = [];
  const bad: BadRow[] = [];
  for (const { row, sku, values } of rows) {
    const stored = storedBySku.get(sku);
    const plan = planValues(values, stored, storeCurrency);
    if (Array.isArray(plan)) bad.push({ row, sku, problems: plan });
    else planned.push({ sku, stored, values: plan, categoryPath: values.categoryPath });
  }
  return { planned, bad };
}

/**
 * A product whose category has just the path that its row names stays there: siblings may have the same name, and a
 * path alone would find the first of them.
 */
async function keepCategories(rows: readonly PlannedRow[], tx: EntityManager): Promise<PlannedRow[]> {
  const storedId = ({ stored, categoryPath }: PlannedRow): string | null =>
    categoryPath && stored ? stored.categoryId : null;
  const ids = new Set(rows.map(storedId).filter((id) => id !== null));
  const paths = await findCategoryPaths([...ids], tx);
  return rows.map((row) => {
    const path = paths.get(storedId(row) ?? '');
    const isThere = path !== undefined && JSON.stringify(path) === JSON.stringify(row.categoryPath);
    return isThere ? { ...row, categoryPath: undefined } : row;
  });
}

function toValues({ values, stored, categoryPath }: PlannedRow, categoryId: CategoryLookup): CatalogueValues {
  if (categoryPath === undefined) return { ...values, categoryId: stored?.categoryId ?? null };
  return { ...values, categoryId: categoryPath && categoryId(categoryPath) };
}

function toChanged(row: PlannedRow, categoryId: CategoryLookup): ChangedProduct[] {
  if (!row.stored) return [];
  const next = toValues(row, categoryId);
  return differs(row.stored, next) ? [{ ...next, id: row.stored.id, previousStock: row.stored.stock }] : [];
}

async function insertFresh(
  rows: readonly PlannedRow[],
  categoryId: CategoryLookup,
  tx: EntityManager,
): Promise<NewProduct[]> {
  const drafts = rows.map((row) => ({ id: uuidv7(), sku: row.sku, ...toValues(row, categoryId) }));
  const slugs = await findFreeSlugs(
    'products',
    drafts.map(({ id, name }) => ({ id, slug: slugFrom(name, 'product') })),
    tx,
  );
  const products: NewProduct[] = drafts.map((draft) => ({
    ...draft,
    slug: slugs.get(draft.id) ?? draft.id,
    lowStockThreshold: null,
  }));
  const made = await insertProducts(products, tx);
  if (made < products.length) throw new BatchRaced('a sku or slug was taken');
  return products;
}

/** Tells of the whole batch in one statement. */
async function announce(
  created: readonly NewProduct[],
  changed: readonly ChangedProduct[],
  updated: readonly AnnouncedProduct[],
  tx: EntityManager,
): Promise<void> {
  const stockBefore = new Map(changed.map(({ id, previousStock }) => [id, previousStock]));
  const newOnes = created.map((product) =>
    createdProduct({ ...product, priceMinor: String(product.priceMinor), version: 1 }),
  );
  const editedOnes = updated.flatMap((product) =>
    updatedProduct({ ...product, stock: stockBefore.get(product.id) ?? product.stock }, product),
  );
  await recordEvents([...newOnes, ...editedOnes], tx);
}
