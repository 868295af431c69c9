import { DomainError } from '../../../common/errors/domain-error';
import { toMinor } from '../../../common/money/money';
import type { ProductAttributes, ProductStatus } from '../entities/product.entity';
import type { FieldProblem, RowValues } from './import-row';

/** The part of a product that a catalogue file decides. */
export interface CatalogueValues {
  name: string;
  description: string | null;
  priceMinor: number;
  compareAtPriceMinor: number | null;
  currency: string;
  stock: number;
  categoryId: string | null;
  imageUrl: string | null;
  featured: boolean;
  status: ProductStatus;
  attributes: ProductAttributes;
}

export interface StoredProduct extends CatalogueValues {
  id: string;
  sku: string;
}

/** The values that a row gives its product, but for the category, whose path is still to be found. */
export type PlannedValues = Omit<CatalogueValues, 'categoryId'>;

const NEW_PRODUCT = {
  description: null,
  stock: 0,
  imageUrl: null,
  featured: false,
  status: 'active',
  attributes: {},
  compareAtPriceMinor: null,
} as const;

/**
 * Puts what the row says over the stored product, or over the defaults of a new one. With another currency the
 * price to compare with is dropped: it is an amount of the old one.
 */
export function planValues(
  values: RowValues,
  stored: StoredProduct | undefined,
  storeCurrency: string,
): PlannedValues | FieldProblem[] {
  const currency = values.currency ?? stored?.currency ?? storeCurrency;
  const name = values.name ?? stored?.name;
  const priceMinor = planPrice(values, stored, currency);
  const problems = [
    name === undefined && { field: 'name', message: 'name is required for a new product.' },
    typeof priceMinor !== 'number' && priceMinor,
  ].filter((problem) => problem !== false);
  if (name === undefined || typeof priceMinor !== 'number') return problems;

  const base = stored ?? NEW_PRODUCT;
  return {
    name,
    priceMinor,
    currency,
    compareAtPriceMinor: currency === stored?.currency ? stored.compareAtPriceMinor : null,
    description: values.description === undefined ? base.description : values.description,
    imageUrl: values.imageUrl === undefined ? base.imageUrl : values.imageUrl,
    stock: values.stock ?? base.stock,
    featured: values.featured ?? base.featured,
    status: values.status ?? base.status,
    attributes: values.attributes ?? base.attributes,
  };
}

function planPrice(
  values: RowValues,
  stored: StoredProduct | undefined,
  currency: string,
): number | FieldProblem {
  if (values.price === undefined) {
    if (stored?.currency === currency) return stored.priceMinor;
    return {
      field: 'price',
      message: `price is required ${stored ? 'with another currency' : 'for a new product'}.`,
    };
  }
  try {
    return toMinor(values.price, currency, 'price');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { field: 'price', message: error.errors?.[0]?.message ?? error.message };
  }
}

/** Whether writing `next` over `stored` would change anything. */
export function differs(stored: CatalogueValues, next: CatalogueValues): boolean {
  return (
    stored.name !== next.name ||
    stored.description !== next.description ||
    stored.priceMinor !== next.priceMinor ||
    stored.compareAtPriceMinor !== next.compareAtPriceMinor ||
    stored.currency !== next.currency ||
    stored.stock !== next.stock ||
    stored.categoryId !== next.categoryId ||
    stored.imageUrl !== next.imageUrl ||
    stored.featured !== next.featured ||
    stored.status !== next.status ||
    attributesDiffer(stored.attributes, next.attributes)
  );
}

/** The order of the members means nothing: PostgreSQL does not keep it. */
function attributesDiffer(left: ProductAttributes, right: ProductAttributes): boolean {
  const keys = Object.keys(left);
  return keys.length !== Object.keys(right).length || keys.some((key) => left[key] !== right[key]);
}
