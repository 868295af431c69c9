import type { Json } from './support/api-client';
import { expectInvalid } from './support/answers';
import { Shop } from './support/shop';

describe('suggestions while somebody types', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
    await shop.product({ name: 'Copper kettle', imageUrl: 'https://img.example/kettle.jpg' });
    await shop.product({ name: 'Kettle descaler', stock: 0 });
    await shop.product({ name: 'Crème brûlée torch' });
    await shop.product({ name: 'Kettle for the drafts', status: 'draft' });
    await shop.product({ name: 'Tea towel', description: 'Dries any kettle', sku: 'KETTLE-1' });
    for (let n = 1; n <= 15; n++) await shop.product({ name: `Lantern ${n}` });
  });

  afterAll(() => shop.close());

  async function suggest(q: string): Promise<string[]> {
    const { status, body } = await shop.api.get(`/products/suggest?q=${encodeURIComponent(q)}`);
    expect(status).toBe(200);
    return body.data.map(({ name }: Json) => name);
  }

  it('have what an app shows in a row', async () => {
    const { body } = await shop.api.get('/products/suggest?q=copper');
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          name: 'Copper kettle',
          slug: 'copper-kettle',
          imageUrl: 'https://img.example/kettle.jpg',
        },
      ],
    });
  });

  it.each([
    ['k', ['Kettle descaler', 'Copper kettle']],
    ['KET', ['Kettle descaler', 'Copper kettle']],
    ['kettle cop', ['Copper kettle']],
    ['kettle', ['Kettle descaler', 'Copper kettle']],
    ['creme bru', ['Crème brûlée torch']],
    ['ketle', ['Copper kettle', 'Kettle descaler']],
    ['ektt', ['Copper kettle', 'Kettle descaler']],
    ['dascaler', ['Kettle descaler']],
    ['ktl', []],
    ['towel kettle', []],
    ['xyzzy', []],
    ['%', []],
    [`'); DROP TABLE products; --`, []],
  ])('for %j are %j: names that begin so first, then what is in stock', async (q, expected) => {
    expect(await suggest(q)).toEqual(expected);
  });

  it('take a word that another name has for a misspelling where no name has them all', async () => {
    await shop.product({ name: 'Womens shoe' });
    await shop.product({ name: 'Womans hat' });
    expect(await suggest('womans shoe')).toEqual(['Womens shoe']);
  });

  it('are ten at most', async () => {
    expect(await suggest('lan')).toHaveLength(10);
    expect(await suggest('l')).toHaveLength(10);
  });

  it('know a new name at once, and forget a deleted one', async () => {
    expect(await suggest('zither')).toEqual([]);
    const { id } = await shop.product({ name: 'Zither' });
    expect(await suggest('zith')).toEqual(['Zither']);
    await shop.editor.api.patch(`/products/${id}`, { name: 'Harp' });
    expect([await suggest('zither'), await suggest('har')]).toEqual([[], ['Harp']]);
    await shop.editor.api.delete(`/products/${id}`);
    expect(await suggest('har')).toEqual([]);
  });

  it('need something to go by', async () => {
    expectInvalid(await shop.api.get('/products/suggest'), 'q');
    expectInvalid(await shop.api.get(`/products/suggest?q=${'x'.repeat(201)}`), 'q');
    expectInvalid(await shop.api.get('/products/suggest?q=a&limit=5'), 'limit');
    expect(await suggest('   ')).toEqual([]);
  });
});
