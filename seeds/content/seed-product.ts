import slugify from '@sindresorhus/slugify';

export type SeedAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SeedProduct {
  readonly sku: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** US cents, like every amount of the seeds. */
  readonly priceMinor: number;
  readonly compareAtPriceMinor: number | null;
  readonly stock: number;
  readonly lowStockThreshold: number | null;
  readonly categorySlug: string;
  readonly featured: boolean;
  readonly status: 'draft' | 'active' | 'archived';
  readonly attributes: SeedAttributes;
}

type ShelvedProduct = Omit<SeedProduct, 'categorySlug' | 'lowStockThreshold'>;

type ProductDetails = Pick<SeedProduct, 'description' | 'attributes'> &
  Partial<Pick<SeedProduct, 'compareAtPriceMinor' | 'featured' | 'status'>>;

/** One row of the catalogue; what it leaves out is the ordinary case: full price, not featured, active. */
export function product(
  sku: string,
  name: string,
  priceMinor: number,
  stock: number,
  details: ProductDetails,
): ShelvedProduct {
  const ordinary = { compareAtPriceMinor: null, featured: false, status: 'active' } as const;
  return { ...ordinary, sku, slug: slugify(name), name, priceMinor, stock, ...details };
}

/** Puts rows into a category that is watched for low stock at one threshold. */
export function shelf(
  categorySlug: string,
  lowStockThreshold: number | null,
  products: readonly ShelvedProduct[],
): SeedProduct[] {
  return products.map((row) => ({ ...row, categorySlug, lowStockThreshold }));
}
