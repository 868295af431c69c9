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

/** What a row replaces by itself, without a look at the rest. */
type PlainValues = Pick<
  CatalogueValues,
  'description' | 'stock' | 'imageUrl' | 'featured' | 'status' | 'attributes'
>;

const NEW_PRODUCT: PlainValues = {
  description: null,
  stock: 0,
  imageUrl: null,
  featured: false,
  status: 'active',
  attributes: {},
};

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
  const name = values.name ?? stored?.name ?? required('name');
  const priceMinor = planPrice(values, stored, currency);
  if (typeof name !== 'string' || typeof priceMinor !== 'number') {
    return [name, priceMinor].filter((part) => typeof part === 'object');
  }
  const compareAtPriceMinor = keptComparison(stored, currency);
  return { name, priceMinor, compareAtPriceMinor, currency, ...planPlain(values, stored ?? NEW_PRODUCT) };
}

function keptComparison(stored: StoredProduct | undefined, currency: string): number | null {
  return stored?.currency === currency ? stored.compareAtPriceMinor : null;
}

function planPlain(values: RowValues, base: PlainValues): PlainValues {
  return {
    description: values.description === undefined ? base.description : values.description,
    imageUrl: values.imageUrl === undefined ? base.imageUrl : values.imageUrl,
    stock: values.stock ?? base.stock,
    featured: values.featured ?? base.featured,
    status: values.status ?? base.status,
    attributes: values.attributes ?? base.attributes,
  };
}

function required(field: string, when = 'for a new product'): FieldProblem {
  return { field, message: `${field} is required ${when}.` };
}

function planPrice(
  values: RowValues,
  stored: StoredProduct | undefined,
  currency: string,
): number | FieldProblem {
  if (values.price === undefined) {
    if (stored?.currency === currency) return stored.priceMinor;
    return stored ? required('price', 'with another currency') : required('price');
  }
  try {
    return toMinor(values.price, currency, 'price');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { field: 'price', message: error.errors?.[0]?.message ?? error.message };
  }
}

const COMPARED = [
  'name',
  'description',
  'priceMinor',
  'compareAtPriceMinor',
  'currency',
  'stock',
  'categoryId',
  'imageUrl',
  'featured',
  'status',
] as const;

/** Whether writing `next` over `stored` would change anything. */
export function differs(stored: CatalogueValues, next: CatalogueValues): boolean {
  const plainDiffer = COMPARED.some((key) => stored[key] !== next[key]);
  return plainDiffer || attributesDiffer(stored.attributes, next.attributes);
}

/** The order of the members means nothing: PostgreSQL does not keep it. */
function attributesDiffer(left: ProductAttributes, right: ProductAttributes): boolean {
  const keys = Object.keys(left);
  return keys.length !== Object.keys(right).length || keys.some((key) => left[key] !== right[key]);
}
