import fc from 'fast-check';
import {
  AMOUNTS,
  branchOf,
  type Catalogue,
  DIGITS,
  Dice,
  type KnownProduct,
  randomCatalogue,
  stock,
} from './support/catalogue';
import { readCursors, readPages, withQuery } from './support/lists';
import { Shop } from './support/shop';

/** Another number finds other cases; the same one finds the same again. */
const SEED = 20_261_120;
const WORDS = ['amber', 'birch', 'cedar', 'Denim', 'ember', 'Flint'];

type Query = Partial<
  Record<'category' | 'minPrice' | 'maxPrice' | 'inStock' | 'featured' | 'currency' | 'status', string>
>;

describe('the list of products shows what a look at each of them finds', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
  });

  afterAll(() => shop.close());

  it('with any filters, in any order, by number and by cursor', async () => {
    const check = fc.asyncProperty(
      fc.nat(),
      fc.array(anyList, { minLength: 20, maxLength: 20 }),
      async (seed, lists) => {
        const catalogue = randomCatalogue(new Dice(seed), WORDS);
        await stock(shop, catalogue);
        for (const list of lists) await compare(shop, catalogue, list);
      },
    );
    await fc.assert(check, { numRuns: 8, seed: SEED, endOnFailure: true });
  });
});

interface AnyList {
  filters: Query;
  sort: string[];
  byStaff: boolean;
  limits: number[];
}

const maybe = (...values: string[]): fc.Arbitrary<string | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });

const anyList: fc.Arbitrary<AnyList> = fc.record({
  filters: fc.record({
    category: maybe(
      '0',
      '1',
      '2',
      'slug 0',
      'slug 1',
      'upper 0',
      'shelf-none',
      '01900000-0000-7000-8000-000000000000',
    ),
    minPrice: maybe(...AMOUNTS.map(String), '19.5'),
    maxPrice: maybe(...AMOUNTS.map(String), '19.99', '0.99'),
    inStock: maybe('true', 'false'),
    featured: maybe('true', 'false'),
    currency: maybe(...Object.keys(DIGITS)),
    status: maybe('active', 'draft', 'archived'),
  }),
  sort: fc
    .tuple(fc.shuffledSubarray(['createdAt', 'price', 'name', 'relevance']), fc.nat(15))
    .map(([fields, signs]) => fields.map((field, index) => ((signs >> index) & 1 ? `-${field}` : field))),
  byStaff: fc.boolean(),
  limits: fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 1, maxLength: 3 }),
});

async function compare(
  shop: Shop,
  catalogue: Catalogue,
  { filters, sort, byStaff, limits }: AnyList,
): Promise<void> {
  const { api } = byStaff ? shop.editor : shop;
  const query = asked(filters, byStaff, catalogue);
  const parameters = new URLSearchParams({ ...query, ...(sort.length > 0 && { sort: sort.join(',') }) });
  const path = withQuery('/products', parameters.toString());
  const expected = catalogue.products
    .filter(matches(query, catalogue))
    .sort(by(sort))
    .map(({ id }) => id);
  const found = {
    pages: await readPages(api, path, limits[0]),
    cursors: await readCursors(api, path, limits),
  };
  expect({ path, ...found }).toEqual({ path, pages: expected, cursors: expected });
}

/** The filters as this viewer may ask for them, of categories that there are. */
function asked(
  { category, ...filters }: Query,
  byStaff: boolean,
  { categories }: Catalogue,
): Record<string, string> {
  const [, how, number] = /^(slug |upper |)(\d)$/.exec(category ?? '') ?? [];
  const { id, slug } = categories[Number(number) % categories.length] ?? { id: category, slug: category };
  const named =
    how === 'slug ' ? slug : how === 'upper ' ? id?.toUpperCase() : number === undefined ? category : id;
  const digits = DIGITS[(filters.currency ?? 'USD') as keyof typeof DIGITS];
  const whole = (price: string | undefined): string | undefined =>
    price && (digits < 2 ? String(Math.ceil(Number(price))) : price);
  const all = {
    ...filters,
    category: named,
    minPrice: whole(filters.minPrice),
    maxPrice: whole(filters.maxPrice),
    status: byStaff ? filters.status : undefined,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function matches(query: Query, catalogue: Catalogue): (product: KnownProduct) => boolean {
  const { category, minPrice, maxPrice, inStock, featured, status = 'active' } = query;
  const currency = query.currency ?? ((minPrice ?? maxPrice) ? 'USD' : undefined);
  const branch = category === undefined ? null : branchOf(catalogue, category);
  const isListed = (product: KnownProduct): boolean => !product.isDeleted && product.status === status;
  const isInBranch = ({ categoryId }: KnownProduct): boolean =>
    branch === null || (categoryId !== null && branch.has(categoryId));
  const isPriced = ({ price, ...product }: KnownProduct): boolean =>
    (currency ?? product.currency) === product.currency &&
    price >= Number(minPrice ?? 0) &&
    price <= Number(maxPrice ?? Infinity);
  const isMarked = (product: KnownProduct): boolean =>
    [String(product.stock > 0), undefined].includes(inStock) &&
    [String(product.featured), undefined].includes(featured);
  return (product) => [isListed, isInBranch, isPriced, isMarked].every((holds) => holds(product));
}

const collator = new Intl.Collator('und');

/** Relevance says nothing without a search. */
function by(sort: readonly string[]): (left: KnownProduct, right: KnownProduct) => number {
  const terms = sort.filter((term) => !term.endsWith('relevance'));
  const order = terms.length === 0 ? ['-createdAt'] : terms;
  const last = order.at(-1)?.startsWith('-') ? '-id' : 'id';
  return (left, right) =>
    [...order, last].map((term) => compareBy(term, left, right)).find((result) => result !== 0) ?? 0;
}

function compareBy(term: string, left: KnownProduct, right: KnownProduct): number {
  const field = term.replace('-', '') as 'createdAt' | 'price' | 'name' | 'id';
  const [a, b] = [left[field], right[field]];
  const names = field === 'name' ? collator.compare(String(a), String(b)) : 0;
  const ascending = names !== 0 ? names : a < b ? -1 : a > b ? 1 : 0;
  return term.startsWith('-') ? -ascending : ascending;
}
