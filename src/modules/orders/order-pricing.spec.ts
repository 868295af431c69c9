import type { SellableProduct } from '../products/stock.service';
import { priceItems, subtotalOf } from './order-pricing';

function product(id: string, priceMinor: number): [string, SellableProduct] {
  return [
    id,
    { id, sku: `SKU-${id}`, name: `Name ${id}`, imageUrl: null, priceMinor, currency: 'USD', stock: 9 },
  ];
}

describe('pricing an order', () => {
  const products = new Map([product('a', 1999), product('b', 10), product('c', 0)]);

  it('copies today’s name, sku, image and price onto each item, in the order wanted', () => {
    const items = priceItems(
      [
        { productId: 'b', quantity: 3 },
        { productId: 'a', quantity: 2 },
      ],
      products,
    );
    expect(items).toEqual([
      {
        productId: 'b',
        sku: 'SKU-b',
        name: 'Name b',
        imageUrl: null,
        unitPriceMinor: 10,
        quantity: 3,
        lineTotalMinor: 30,
      },
      expect.objectContaining({ productId: 'a', unitPriceMinor: 1999, quantity: 2, lineTotalMinor: 3998 }),
    ]);
    expect(subtotalOf(items)).toBe(4028);
  });

  it('takes gifts that cost nothing', () => {
    expect(subtotalOf(priceItems([{ productId: 'c', quantity: 999 }], products))).toBe(0);
  });

  it('is exact for the dearest order: a hundred products of 999 units at the highest price', () => {
    const dear = new Map([product('dear', 9_999_999_999)]);
    const [item] = priceItems([{ productId: 'dear', quantity: 999 }], dear);
    expect(item?.lineTotalMinor).toBe(9_989_999_999_001);
    expect(subtotalOf(item ? Array(100).fill(item) : [])).toBe(998_999_999_900_100);
  });
});
