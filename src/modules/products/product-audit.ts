import type { AuditedChange } from '../../common/audit/audit';
import type { Facts } from '../../common/audit/audited-facts';
import { toMajor } from '../../common/money/money';
import type { ProductRow } from './product-view';

type OwnFields = Pick<
  ProductRow,
  | 'sku'
  | 'slug'
  | 'name'
  | 'description'
  | 'stock'
  | 'lowStockThreshold'
  | 'categoryId'
  | 'imageUrl'
  | 'featured'
  | 'status'
  | 'attributes'
  | 'version'
>;

/** A product, or the part of it that a catalogue file decides. */
interface AuditedProduct extends Partial<OwnFields> {
  currency: string;
  priceMinor: string | number;
  compareAtPriceMinor: string | number | null;
}

/** What the audit log tells of a product: what is its own, but for its images. Amounts are in major units. */
export function productFacts(product: AuditedProduct): Facts {
  const { sku, slug, name, description, stock, lowStockThreshold, categoryId, imageUrl } = product;
  const { featured, status, attributes, version, currency } = product;
  const amounts = {
    price: inMajor(product.priceMinor, currency),
    compareAtPrice: inMajor(product.compareAtPriceMinor, currency),
    currency,
  };
  const texts = { sku, slug, name, description, imageUrl, attributes };
  return { ...texts, ...amounts, stock, lowStockThreshold, categoryId, featured, status, version };
}

function inMajor(minor: string | number | null, currency: string): number | null {
  return minor === null ? null : toMajor(Number(minor), currency);
}

/** What an import did, an entry for each product. @param stored those of its rows, as they were */
export function importedChanges(
  created: readonly (AuditedProduct & { id: string })[],
  changed: readonly (AuditedProduct & { id: string })[],
  stored: Iterable<AuditedProduct & { id: string; sku: string }>,
): AuditedChange[] {
  const before = new Map(Array.from(stored, (product) => [product.id, product]));
  return [
    ...created.map((product): AuditedChange => {
      return { action: 'product.created', id: product.id, before: null, after: productFacts(product) };
    }),
    ...changed.flatMap(({ id, ...product }): AuditedChange[] => {
      const was = before.get(id);
      if (!was) return [];
      const after = productFacts({ ...product, sku: was.sku });
      return [{ action: 'product.updated', id, before: productFacts(was), after }];
    }),
  ];
}
