import { type SearchWord, withSimilarWords } from '../src/modules/products/search/search-words';
import type { Json } from './support/api-client';
import { Dice } from './support/catalogue';
import { distance } from './support/search-model';
import { Shop } from './support/shop';

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];

/** 4 to 7 letters. */
const SHORT = [
  'sofa desk vase lamp oven eggs chair linen towel candy tatami teapot walnut quartz velvet banana',
  'papaya bonbon crimson blanket kitchen whisker',
].flatMap((line) => line.split(' '));

/** 8 letters or more. Some have letters again and again, which makes them hard to recognise. */
const LONG = [
  'notebook hazelnut suitcase aluminum barbecue cocoanut stoneware lampshade dishwasher cappuccino',
  'tablecloth houseplant mississippi thermometer screwdriver',
].flatMap((line) => line.split(' '));

/** Too short, or with digits: spelt right or not at all. */
const OTHERS = ['mug', 'cup', 'kx90b', 'a4'];

describe('a misspelt word', () => {
  let shop: Shop;
  const dice = new Dice(20_261_120);

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
    for (const word of [...SHORT, ...LONG, ...OTHERS]) await shop.product({ name: word });
  });

  afterAll(() => shop.close());

  /** What was typed in place of the word and is not taken for it. */
  async function missed(word: string, typed: readonly string[]): Promise<string[]> {
    const words = typed.map((one): SearchWord => {
      return { word: one, isPrefix: true, begun: [], isTelling: true, categories: [], similar: [] };
    });
    const { manager } = shop.test.dataSource;
    const found = await withSimilarWords({ text: '', words }, manager, () => true, words.length);
    return (found?.words ?? words)
      .filter(({ similar }) => !similar.includes(word))
      .map(({ word: one }) => one);
  }

  it.each(SHORT)('finds %s by any one typo', async (word) => {
    // Three letters may be anything.
    const typed = typosOf(word).filter((one) => one.length > 3);
    expect(typed.length).toBeGreaterThan(200);
    expect(await missed(word, typed)).toEqual([]);
  });

  it.each(LONG)('finds %s by any two typos', async (word) => {
    const typo = (text: string): string => dice.one(dice.one(kindsOfTypos(text)));
    const twice = Array.from({ length: 240 }, () => typo(typo(word)));
    // Two typos at one place may be further away: letters that are swapped and parted by a third.
    const typed = [...new Set(twice)].filter((one) => distance(one, word) <= 2);
    expect(typed.length).toBeGreaterThan(100);
    expect(await missed(word, typed)).toEqual([]);
  });

  const search = async (q: string): Promise<{ match: string | undefined; names: string[] }> => {
    const { body } = await shop.api.get(`/products?q=${encodeURIComponent(q)}`);
    return { match: body.meta.match, names: body.data.map(({ name }: Json) => name) };
  };

  it.each([...SHORT, ...LONG])('is taken for %s by the search, which says so', async (word) => {
    const typed = dice.one(
      typosOf(word).filter((one) => one.length > 3 && !word.startsWith(one) && !one.startsWith(word)),
    );
    const { match, names } = await search(typed);
    expect({ typed, match, names }).toEqual({
      typed,
      match: 'similar',
      names: expect.arrayContaining([word]),
    });
  });

  it('is not taken for any other when it has three letters, or digits', async () => {
    const known = [...SHORT, ...LONG, ...OTHERS];
    const short = [...typosOf('mug'), ...typosOf('cup')].filter((one) => one.length <= 3);
    for (const q of short.filter((one) => !known.some((word) => word.startsWith(one)))) {
      expect({ q, ...(await search(q)) }).toEqual({ q, match: undefined, names: [] });
    }
    for (const q of ['kx80b', 'kx9b', 'kx09b', 'a5', 'n0tebook', 'note8ook', 'lamp1']) {
      expect({ q, ...(await search(q)) }).toEqual({ q, match: undefined, names: [] });
    }
  });

  it.each(['/products?q=', '/products/suggest?q='])(
    'is looked for with three others at most by %s',
    async (path) => {
      const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
      const typed = [
        'notebok',
        'lamp',
        'hazelnt',
        'x'.repeat(40),
        'suitcse',
        'alumnum',
        'barbecu',
        'cocanut',
      ];
      expect((await shop.api.get(path + encodeURIComponent(typed.join(' ')))).status).toBe(200);
      const lookups = log.mock.calls.filter(([sql]) => sql.includes('similar_words'));
      log.mockRestore();
      expect(lookups.map(([, parameters]) => parameters)).toEqual([[typed, [2, 0, 2, 0, 2, 2, 0, 0]]]);
    },
  );

  it('more than four finds what the first of them find', async () => {
    const { match, names } = await search('notebok hazelnt suitcse alumnum barbevue');
    expect(match).toBe('some');
    expect(names.toSorted()).toEqual(['aluminum', 'hazelnut', 'notebook', 'suitcase']);
  });

  it('is not taken for what is too different', async () => {
    for (const q of ['sxfx', 'lxxp', 'tapeot', 'noetboko1', 'notbkkoo', 'sofabed', 'lampions']) {
      expect({ q, ...(await search(q)) }).toEqual({ q, match: undefined, names: [] });
    }
  });
});

/** Every text that a letter more, less or other, or two swapped neighbours make of the word. */
function typosOf(word: string): string[] {
  return [...new Set(kindsOfTypos(word).flat())].filter((one) => one !== word);
}

/** Letters more, other letters, letters less and swapped neighbours, apart. */
function kindsOfTypos(word: string): string[][] {
  const places = Array.from({ length: word.length + 1 }, (_, index) => index);
  const [before, after] = [(at: number) => word.slice(0, at), (at: number) => word.slice(at)];
  const swapped = (at: number): string => word.slice(at - 1, at) + word.slice(at - 2, at - 1);
  return [
    places.flatMap((at) => ALPHABET.map((letter) => before(at) + letter + after(at))),
    places.slice(1).flatMap((at) => ALPHABET.map((letter) => before(at - 1) + letter + after(at))),
    places.slice(1).map((at) => before(at - 1) + after(at)),
    places.slice(2).map((at) => before(at - 2) + swapped(at) + after(at)),
  ];
}
