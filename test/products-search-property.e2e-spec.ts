import fc from 'fast-check';
import {
  type Catalogue,
  Dice,
  type KnownProduct,
  randomCatalogue,
  stock,
  written,
} from './support/catalogue';
import { idsOf, readCursors, readPages } from './support/lists';
import { SearchModel, wordsOf } from './support/search-model';
import { Shop } from './support/shop';

/** Another number finds other cases; the same one finds the same again. */
const SEED = 20_261_120;

/** Some begin others, some are a typo away from others. */
const WORDS = [
  'b x ml xl 350 12v mug red tea lamp lamps camp teapot walnut quartz velvet blanket lampshade',
  'stoneware dishwasher dishwashers crimson',
].flatMap((line) => line.split(' '));
const UNKNOWN = ['zzz', 'pyjama', 'q', '7000', 'waluut', 'stonwaer', 'lapm', 'mugg'];

describe('a search shows what a look at each product finds', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
  });

  afterAll(() => shop.close());

  /** Runs the check over random catalogues with this many random searches each. */
  async function forAnySearch(
    searches: number,
    check: (q: string, catalogue: Catalogue, model: SearchModel) => Promise<void>,
    typed: (dice: Dice, catalogue: Catalogue) => string,
  ): Promise<void> {
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const dice = new Dice(seed);
      const catalogue = randomCatalogue(dice, WORDS);
      await stock(shop, catalogue);
      const model = new SearchModel(catalogue);
      for (let n = 0; n < searches; n += 1) await check(typed(dice, catalogue), catalogue, model);
    });
    await fc.assert(property, { numRuns: 6, seed: SEED, endOnFailure: true });
  }

  it('with every word, or with some where none has every one', async () => {
    await forAnySearch(
      25,
      async (q, _, model) => {
        const expected = model.find(q);
        const ids = expected.products.map(({ id }) => id).sort();
        const path = `/products?q=${encodeURIComponent(q)}`;
        const first = (await shop.api.get(`${path}&limit=40`)).body;
        const found = {
          match: first.meta.match,
          total: first.meta.totalItems,
          ids: (await readPages(shop.api, path, 40)).sort(),
        };
        expect({ q, ...found }).toEqual({ q, match: expected.match, total: ids.length, ids });
      },
      anySearch,
    );
  });

  it('by cursor in the order of the numbered pages', async () => {
    await forAnySearch(
      8,
      async (q) => {
        for (const sort of ['', '&sort=-price,relevance', '&sort=relevance,name']) {
          const path = `/products?q=${encodeURIComponent(q)}${sort}`;
          expect(await readCursors(shop.api, path, [20, 35])).toEqual(await readPages(shop.api, path, 50));
        }
      },
      anySearch,
    );
  });

  it('for one word the exact sku first, then by where the word is, what is in stock, the newest', async () => {
    await forAnySearch(
      15,
      async (q, { products }, model) => {
        const found = (await readPages(shop.api, `/products?q=${encodeURIComponent(q)}`)).map(
          productIn(products),
        );
        const rank = (product: KnownProduct): number[] => [
          wordsOf(product.sku ?? '').join('-') === wordsOf(q).join('-') ? 0 : 1,
          model.placeOf(wordsOf(q)[0] ?? '', product),
          product.stock > 0 ? 0 : 1,
          -product.createdAt,
        ];
        expect({ q, ranks: found.map(rank) }).toEqual({ q, ranks: found.map(rank).sort(compareRanks) });
      },
      (dice) => written([dice.one(WORDS)], dice),
    );
  });

  it('for an exact sku its product first', async () => {
    await forAnySearch(
      6,
      async (q, { products }) => {
        const { body } = await shop.api.get(`/products?q=${encodeURIComponent(q)}`);
        expect({ q, sku: body.data[0].sku }).toEqual({ q, sku: products.find(({ sku }) => sku === q)?.sku });
      },
      (dice, { products }) => dice.one(products.filter(isListed).flatMap(({ sku }) => sku ?? [])),
    );
  });

  it('with more of the words first where some are enough', async () => {
    await forAnySearch(
      10,
      async (q, { products }, model) => {
        const { body } = await shop.api.get(`/products?q=${encodeURIComponent(q)}&limit=100`);
        expect(body.meta.match).toBe('some');
        const words = [...new Set(wordsOf(q))].filter((word) => word !== 'pyjama');
        const counts = idsOf(body)
          .map(productIn(products))
          .map((product) => words.filter((word) => model.placeOf(word, product) !== -1).length);
        expect({ q, counts }).toEqual({ q, counts: [...counts].sort((left, right) => right - left) });
      },
      (dice) =>
        ['pyjama', ...dice.some(['mug', 'red', 'tea', 'quartz', 'velvet', 'crimson'], 4, 3)].join(' '),
    );
  });
});

/** Words of the catalogue, beginnings of them and unknown words, in any order. */
function anySearch(dice: Dice): string {
  const one = (): string => {
    const word = dice.one(WORDS);
    if (dice.chance(15)) return dice.one(UNKNOWN);
    return dice.chance(40) ? word.slice(0, 1 + dice.number(word.length)) : word;
  };
  return written(Array.from({ length: 1 + dice.number(4) }, one), dice);
}

function isListed({ status, isDeleted }: KnownProduct): boolean {
  return status === 'active' && !isDeleted;
}

function productIn(products: readonly KnownProduct[]): (id: string) => KnownProduct {
  const byId = new Map(products.map((product) => [product.id, product]));
  return (id) => {
    const product = byId.get(id);
    if (!product) throw new Error(`${id} is no product of this catalogue`);
    return product;
  };
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  return left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
