import type { RowValues } from './import-row';
import { differs, planValues, type StoredProduct } from './product-plan';

const SILENT: RowValues = {
  name: undefined,
  description: undefined,
  price: undefined,
  currency: undefined,
  stock: undefined,
  categoryPath: undefined,
  imageUrl: undefined,
  featured: undefined,
  status: undefined,
  attributes: undefined,
};

const STORED: StoredProduct = {
  id: 'the id',
  sku: 'M-1',
  name: 'Mug',
  description: 'For tea.',
  priceMinor: 1999,
  compareAtPriceMinor: 2499,
  currency: 'USD',
  stock: 3,
  categoryId: null,
  imageUrl: null,
  featured: true,
  status: 'draft',
  attributes: { color: 'red', heightCm: 9 },
};

describe('what a row does to its product', () => {
  it('gives a new product the defaults and the currency of the store', () => {
    expect(planValues({ ...SILENT, name: 'Mug', price: 1500 }, undefined, 'JPY')).toEqual({
      name: 'Mug',
      description: null,
      priceMinor: 1500,
      compareAtPriceMinor: null,
      currency: 'JPY',
      stock: 0,
      imageUrl: null,
      featured: false,
      status: 'active',
      attributes: {},
    });
  });

  it('needs a name and a price for a new product', () => {
    const problems = planValues(SILENT, undefined, 'USD');
    expect(problems).toMatchObject([{ field: 'name' }, { field: 'price' }]);
  });

  it('leaves a stored product as it is where the row says nothing', () => {
    expect(STORED).toMatchObject(planValues(SILENT, STORED, 'EUR'));
  });

  it.each([
    [9.999, 'USD', false],
    [9.99, 'USD', true],
    [9.5, 'JPY', false],
    [9.999, 'KWD', true],
  ])('takes the price %d of %s: %s', (price, currency, isTaken) => {
    const plan = planValues({ ...SILENT, name: 'Mug', price, currency }, undefined, 'USD');
    expect(!Array.isArray(plan)).toBe(isTaken);
  });

  it('checks the digits against the currency that the product has', () => {
    const plan = planValues({ ...SILENT, price: 9.5 }, { ...STORED, currency: 'JPY' }, 'USD');
    expect(plan).toEqual([{ field: 'price', message: 'price has more digits than JPY has (0).' }]);
  });

  it('wants a price along with another currency, and drops the price to compare with', () => {
    expect(planValues({ ...SILENT, currency: 'EUR' }, STORED, 'USD')).toMatchObject([{ field: 'price' }]);
    const plan = planValues({ ...SILENT, currency: 'EUR', price: 18 }, STORED, 'USD');
    expect(plan).toMatchObject({ currency: 'EUR', priceMinor: 1800, compareAtPriceMinor: null });
  });

  it('sees no difference in the order of attributes, but in their values, names and types', () => {
    const withAttributes = (attributes: StoredProduct['attributes']): StoredProduct => ({
      ...STORED,
      attributes,
    });
    expect(differs(STORED, withAttributes({ heightCm: 9, color: 'red' }))).toBe(false);
    expect(differs(STORED, withAttributes({ heightCm: '9', color: 'red' }))).toBe(true);
    expect(differs(STORED, withAttributes({ widthCm: 9, color: 'red' }))).toBe(true);
    expect(differs(STORED, withAttributes({ heightCm: 9 }))).toBe(true);
  });
});
