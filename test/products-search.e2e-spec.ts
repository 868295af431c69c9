import type { Json } from './support/api-client';
import { Shop } from './support/shop';

describe('searching products', () => {
  let shop: Shop;
  let categoryId: string;
  const categoryName = 'Stoneware things';

  beforeAll(async () => {
    shop = await Shop.open();
    ({ id: categoryId } = await shop.category({ name: categoryName }));
    await shop.product({ name: 'Blue Mug', sku: 'MUG-B_01', description: 'Holds 350 ml of tea', categoryId });
    await shop.product({ name: 'Red Mug', sku: 'MUG-R101', description: 'Dishwasher safe, 100% lead-free' });
    await shop.product({ name: 'Teapot', description: `It's "blue" \\ and round` });
    await shop.product({ name: 'Café Crème Bowl', description: null });
    await shop.product({ name: 'Blue Draft Mug', status: 'draft' });
  });

  afterAll(() => shop.close());

  async function search(q: string, rest = ''): Promise<string[]> {
    const { status, body } = await shop.api.get(`/products?q=${encodeURIComponent(q)}${rest}`);
    expect(status).toBe(200);
    expect(body.meta.totalItems).toBe(body.data.length);
    return body.data.map(({ name }: Json) => name);
  }

  it.each([
    ['blue mug', ['Blue Mug']],
    ['mug blue', ['Blue Mug']],
    ['MUG   BLUE', ['Blue Mug']],
    ['mug-r101', ['Red Mug']],
    ['dishwasher', ['Red Mug']],
    ['stoneware', ['Blue Mug']],
    ['stoneware 350 mug', ['Blue Mug']],
    ['tea', ['Blue Mug', 'Teapot']],
    ['teap', ['Teapot']],
    ['mu tea', ['Blue Mug']],
    ['350', ['Blue Mug']],
    ['cafe creme', ['Café Crème Bowl']],
    ['ＢＬＵＥ mug', ['Blue Mug']],
    ['CAFÉ CRÈME', ['Café Crème Bowl']],
    ['xyzzy', []],
    ['hwasher', []],
    ['neware', []],
    ['washer safe', ['Red Mug']],
  ])(
    'finds every word of %p in name, sku, description or category, or a word that it begins',
    async (q, expected) => {
      expect((await search(q)).sort()).toEqual(expected);
    },
  );

  it.each([
    ['%', []],
    ['100%', ['Red Mug']],
    ['_', []],
    ['b_0', ['Blue Mug']],
    ['\\', []],
    [`it's`, ['Teapot']],
    ['its', ['Teapot']],
    ['"tea pot"', ['Blue Mug', 'Teapot']],
    ['"blue" & !mug', ['Blue Mug']],
    ['red | tea', ['Blue Mug', 'Red Mug', 'Teapot']],
    [`'; DROP TABLE products; --`, []],
    ['*', []],
    ['?', []],
    ['$1', ['Red Mug']],
    [':*', []],
    ['/', []],
    ['=', []],
    ['#', []],
    ['🫖', []],
  ])('takes %p as words: signs are none', async (q, expected) => {
    expect((await search(q)).sort()).toEqual(expected);
  });

  it.each(['', '   ', '\t'])('takes a blank search (%j) as none', async (q) => {
    expect(await search(q)).toHaveLength(4);
    expect(await search(q, '&sort=name')).toEqual(['Blue Mug', 'Café Crème Bowl', 'Red Mug', 'Teapot']);
  });

  it('takes 200 characters, and spaces around them', async () => {
    expect(await search('x'.repeat(200))).toEqual([]);
    expect(await search(` ${'x'.repeat(200)} `)).toEqual([]);
    expect((await shop.api.get(`/products?q=${'x'.repeat(201)}`)).status).toBe(422);
  });

  it('counts every word, however many there are', async () => {
    expect(await search('b 01 holds 350 ml of tea blue mug stonew')).toEqual(['Blue Mug']);
    expect(await search('b 01 holds 350 ml of tea blue mug teapot')).not.toEqual(['Blue Mug']);
  });

  it('takes one letter for a word, and for the beginning of one only while it is typed', async () => {
    expect(await search('b mug')).toEqual(['Blue Mug']);
    expect((await search('mug r')).sort()).toEqual(['Red Mug']);
    expect((await search('mug b s')).sort()).toEqual(['Blue Mug']);
    // No product has the word s: those with mug are left.
    expect((await search('s mug')).sort()).toEqual(['Blue Mug', 'Red Mug']);
    expect((await search('s mug s')).sort()).toEqual(['Blue Mug', 'Red Mug']);
  });

  it('shows products with some of the words where none has all, those with the most first', async () => {
    await shop.product({ name: 'Walnut Tray', description: 'For quartz and velvet' });
    await shop.product({ name: 'Quartz Clock' });
    await shop.product({ name: 'Quartz Walnut Lamp' });
    await shop.product({ name: 'Linen Sheet', description: 'Smooth as velvet, with walnut dye and zinc' });
    expect(await search('quartz walnut velvet')).toEqual(['Walnut Tray']);
    expect(await search('zinc quartz walnut velvet')).toEqual([
      'Walnut Tray',
      'Linen Sheet',
      'Quartz Walnut Lamp',
      'Quartz Clock',
    ]);
  });

  it('puts an exact sku first, then products with the words in their name, then those in stock', async () => {
    await shop.product({ name: 'Spare part for KX9', stock: 5 });
    await shop.product({ name: 'Grinder', sku: 'KX9', stock: 0 });
    await shop.product({ name: 'KX9 filter', stock: 0 });
    await shop.product({ name: 'Brush', description: 'Cleans the KX9' });
    const best = ['Grinder', 'Spare part for KX9', 'KX9 filter', 'Brush'];
    expect(await search('kx9')).toEqual(best);
    expect(await search('kx9', '&sort=relevance')).toEqual(best);
    expect(await search('kx9', '&sort=name')).toEqual([
      'Brush',
      'Grinder',
      'KX9 filter',
      'Spare part for KX9',
    ]);
    expect(await search('kx9', '&sort=price,relevance')).toEqual(best);
    expect(await search('kx9', '&sort=name,relevance')).toEqual(await search('kx9', '&sort=name'));
  });

  it('searches among what the other filters leave, and relaxes there too', async () => {
    expect(await search('mug', `&category=${categoryId}`)).toEqual(['Blue Mug']);
    expect(await search('red mug', `&category=${categoryId}`)).toEqual(['Blue Mug']);
    expect(await search('teapot', `&category=${categoryId}`)).toEqual([]);
    const { body } = await shop.editor.api.get('/products?q=mug&status=draft');
    expect(body.data.map(({ name }: Json) => name)).toEqual(['Blue Draft Mug']);
  });

  it('finds nothing of a deleted product', async () => {
    const { id } = await shop.product({ name: 'Vanishing cabinet' });
    expect(await search('vanishing')).toEqual(['Vanishing cabinet']);
    await shop.editor.api.delete(`/products/${id}`);
    expect(await search('vanishing')).toEqual([]);
  });
});

describe('a search for several words', () => {
  it('takes none of them for a misspelling that the catalogue has: rather some of them', async () => {
    const shop = await Shop.open();
    await shop.product({ name: 'Galactic wars board game' });
    await shop.product({ name: 'Galactic cars board puzzle' });
    const { data, meta } = (await shop.api.get('/products?q=game%20wars%20puzzle')).body;
    expect([meta.match, data[0].name]).toEqual(['some', 'Galactic wars board game']);
    expect((await shop.api.get('/products?q=galactic%20wers')).body.meta.match).toBe('similar');
    await shop.close();
  });
});
