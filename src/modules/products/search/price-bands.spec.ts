import { priceBands } from './price-bands';

const USD = 100;
const JPY = 10_000;
const KWD = 10;

/** Sort prices of so many dollars. */
const dollars = (...amounts: number[]): number[] => amounts.map((amount) => amount * 10_000);

describe('price bands', () => {
  it('begin at the lowest price, end at the highest, and leave no cent between them', () => {
    const [min = 0, low = 0, high = 0, max = 0] = dollars(4.5, 10, 50, 99.99);
    const rows = [
      { band: 0, count: 3 },
      { band: 1, count: 5 },
      { band: 2, count: 2 },
    ];
    expect(priceBands(rows, { edges: [low, high], min, max }, USD)).toEqual([
      { min: 4.5, max: 9.99, count: 3 },
      { min: 10, max: 49.99, count: 5 },
      { min: 50, max: 99.99, count: 2 },
    ]);
  });

  it('are one where there are no edges', () => {
    const [min = 0, max = 0] = dollars(3, 8);
    expect(priceBands([{ band: 0, count: 4 }], { edges: [], min, max }, USD)).toEqual([
      { min: 3, max: 8, count: 4 },
    ]);
  });

  it('are none where there is nothing', () => {
    expect(priceBands([], { edges: [], min: 0, max: 0 }, USD)).toEqual([]);
  });

  it('are left out where nothing is in them', () => {
    const [min = 0, low = 0, high = 0, max = 0] = dollars(1, 10, 20, 30);
    const rows = [
      { band: 0, count: 1 },
      { band: 2, count: 1 },
    ];
    expect(priceBands(rows, { edges: [low, high], min, max }, USD)).toEqual([
      { min: 1, max: 9.99, count: 1 },
      { min: 20, max: 30, count: 1 },
    ]);
  });

  it.each([
    ['whole yen', JPY, 999],
    ['a thousandth of a dinar', KWD, 999.999],
  ])('end below the next edge by %s', (_, unit, below) => {
    const [min = 0, edge = 0, max = 0] = dollars(1, 1_000, 2_000);
    const [first] = priceBands([{ band: 0, count: 1 }], { edges: [edge], min, max }, unit);
    expect(first?.max).toBe(below);
  });
});
