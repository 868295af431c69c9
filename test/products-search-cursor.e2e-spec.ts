import { readCursors } from './support/lists';
import { Shop, unique } from './support/shop';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

describe('a search that is read from cursor to cursor shows each product that did not change once', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
    const { id } = await shop.category({ name: 'Amphora cellar' });
    for (let n = 1; n <= 5; n += 1) {
      const stock = n % 2;
      await shop.product({ name: `Amphora ${n}`, stock });
      await shop.product({ name: `Amphorette ${n}`, stock });
      await shop.product({ name: `Vase ${n}`, stock, categoryId: id });
      await shop.product({ name: `Bowl ${n}`, stock, attributes: { shape: 'amphora' } });
      await shop.product({ name: `Jug ${n}`, stock, description: 'Like an amphora, but an ambiguous one' });
    }
  });

  afterAll(() => shop.close());

  /** Reads the search twice: while nothing happens, and while this happens before each further page. */
  async function expectSteady(q: string, meanwhile: (page: number) => Promise<unknown>): Promise<void> {
    const path = `/products?q=${encodeURIComponent(q)}`;
    const before = await readCursors(shop.api, path, [4]);
    expect(before.length).toBeGreaterThanOrEqual(20);
    let page = 0;
    const seen = await readCursors(shop.api, path, [4], () => meanwhile((page += 1)));
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
  }

  it('while categories come up whose name has its words', async () => {
    await expectSteady('amphora', () => shop.category({ name: `Amphora ${unique()}` }));
  });

  it('while words come up that are spelt alike', async () => {
    await expectSteady('amhpora', (page) => shop.product({ name: `Amphora${LETTERS[page]}` }));
  });

  it('while products come up that have every one of its words', async () => {
    await expectSteady('amphora zzyzx', () => shop.product({ name: 'Amphora by Zzyzx' }));
  });

  it('while a misspelt word becomes the name of something', async () => {
    await expectSteady('amphroa xyloglot', () => shop.product({ name: 'Amphroa' }));
  });

  it('while what was typed comes to begin so many words that it tells little', async () => {
    await expectSteady('am glyptodon', (page) =>
      shop.product({ description: LETTERS.map((letter) => `amx${LETTERS[page]}${letter}`).join(' ') }),
    );
  });
});
