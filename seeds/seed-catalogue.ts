import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Category } from '../src/modules/categories/entities/category.entity';
import { insertProducts, type NewProduct } from '../src/modules/products/product-rows';
import { SEED_CATEGORIES } from './content/categories';
import { SEED_PRODUCTS } from './content/products';
import type { SeedProduct } from './content/seed-product';

const HOUR = 3_600_000;

/** Makes the categories whose slug is missing. Returns how many. */
export async function seedCategories(createdAt: Date, tx: EntityManager): Promise<number> {
  const ids = await categoryIds(tx);
  const missing = SEED_CATEGORIES.filter(({ slug }) => !ids.has(slug));
  if (missing.length === 0) return 0;
  for (const { slug } of missing) ids.set(slug, uuidv7());
  await tx.insert(
    Category,
    missing.map(({ parentSlug, ...category }) => ({
      ...category,
      id: idOf(category.slug, ids),
      parentId: parentSlug === null ? null : idOf(parentSlug, ids),
      createdAt,
      updatedAt: createdAt,
    })),
  );
  return missing.length;
}

/** The ids of the seeded categories, by slug. */
export async function categoryIds(tx: EntityManager): Promise<Map<string, string>> {
  const rows = await tx.query<{ slug: string; id: string }[]>(
    'SELECT slug, id FROM categories WHERE slug = ANY($1)',
    [SEED_CATEGORIES.map(({ slug }) => slug)],
  );
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}

/** Makes the products whose sku is missing, the first at `createdAt` and one every day and a half. Returns how many. */
export async function seedProducts(currency: string, createdAt: Date, tx: EntityManager): Promise<number> {
  const ids = await categoryIds(tx);
  const products = SEED_PRODUCTS.map((product, index) =>
    toNewProduct(product, { currency, ids, createdAt: new Date(createdAt.getTime() + index * 36 * HOUR) }),
  );
  return insertProducts(products, tx);
}

interface Placement {
  currency: string;
  ids: ReadonlyMap<string, string>;
  createdAt: Date;
}

/** The digits of a seeded price stand for minor units of whatever currency the store has. */
export function toNewProduct(
  { categorySlug, attributes, ...product }: SeedProduct,
  { currency, ids, createdAt }: Placement,
): NewProduct {
  const categoryId = idOf(categorySlug, ids);
  return {
    ...product,
    id: uuidv7(),
    currency,
    categoryId,
    imageUrl: null,
    attributes: { ...attributes },
    createdAt,
  };
}

function idOf(slug: string, ids: ReadonlyMap<string, string>): string {
  const id = ids.get(slug);
  if (!id) throw new RangeError(`the seeds have no category ${slug}`);
  return id;
}
