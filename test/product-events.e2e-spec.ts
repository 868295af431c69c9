import { Gallery } from './support/gallery';
import type { Json } from './support/api-client';
import { fileOf, importFile } from './support/catalogue-files';
import { orderOf, type Person, Shop, unique } from './support/shop';
import { statementsOf } from './support/statements';

interface EventRow {
  type: string;
  data: Json;
}

describe('events of products', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const eventsOf = ({ id }: Json): Promise<EventRow[]> =>
    shop.query('SELECT type, data FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
  const typesOf = async (product: Json): Promise<string[]> =>
    (await eventsOf(product)).map(({ type }) => type);
  const fallsOf = async (product: Json): Promise<Json[]> =>
    (await eventsOf(product)).flatMap(({ type, data }) => (type === 'stock.low' ? [data] : []));
  const buy = (product: Json, quantity: number) =>
    ann.api.post('/orders', orderOf({ items: [{ productId: product.id, quantity }] }));
  const adjust = ({ id }: Json, delta: number) =>
    shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta, reason: 'Counted' });
  const edit = ({ id }: Json, fields: object) => shop.editor.api.patch(`/products/${id}`, fields);
  const bySku = async (sku: string): Promise<Json> =>
    (await shop.query<Json>('SELECT id FROM products WHERE sku = $1', [sku]))[0];

  it('tell of making, editing and deleting one, with what is true then', async () => {
    const category = await shop.category();
    const product = await shop.product({ sku: unique(), price: 19.99, categoryId: category.id });
    await edit(product, { name: 'Another name', currency: 'JPY', price: 1200, stock: 4 });
    await edit(product, { price: -1 });
    await shop.editor.api.delete(`/products/${product.id}`);
    const { id: productId, sku, name, slug } = product;
    const facts = { productId, sku, slug, status: 'active', categoryId: category.id };
    expect(await eventsOf(product)).toEqual([
      {
        type: 'product.created',
        data: { ...facts, name, price: 19.99, currency: 'USD', stock: 100, version: 1 },
      },
      ...[
        ['product.updated', 2],
        ['product.deleted', 3],
      ].map(([type, version]) => ({
        type,
        data: { ...facts, name: 'Another name', price: 1200, currency: 'JPY', stock: 4, version },
      })),
    ]);
  });

  it('tell of its images as of an edit', async () => {
    const gallery = await Gallery.open(shop);
    const [first, second] = [await gallery.add({ alt: 'a' }), await gallery.add({ alt: 'b' })];
    await shop.editor.api.patch(gallery.at(second), { position: 0 });
    await shop.editor.api.patch(gallery.at(second), { position: 0 });
    await shop.editor.api.delete(gallery.at(first));
    const events = await eventsOf({ id: gallery.at(first).split('/')[2] });
    expect(events.map(({ type, data }) => [type, data.version])).toEqual([
      ['product.created', 1],
      ...[2, 3, 4, 5].map((version) => ['product.updated', version]),
    ]);
  });

  it('tell of what an import made and changed, and of nothing else, in as many statements for one as for many', async () => {
    const [made, changed, same] = [unique(), unique(), unique()];
    await importFile(shop.editor, fileOf(`${changed},Lamp,,5,,1,,,,,`, `${same},Same,,5,,1,,,,,`));
    await importFile(
      shop.editor,
      fileOf(`${made},Mug,,19.99,EUR,3,,,,draft,`, `${changed},Lamp,,6,,1,,,,,`, `${same},Same,,5,,1,,,,,`),
    );
    expect(await eventsOf(await bySku(made))).toEqual([
      {
        type: 'product.created',
        data: expect.objectContaining({
          sku: made,
          price: 19.99,
          currency: 'EUR',
          status: 'draft',
          version: 1,
        }),
      },
    ]);
    const [, updated, ...more] = await eventsOf(await bySku(changed));
    expect([updated?.type, updated?.data.price, updated?.data.version]).toEqual(['product.updated', 6, 2]);
    expect(more).toEqual([]);
    expect(await typesOf(await bySku(same))).toEqual(['product.created']);
    const statements = async (count: number) => {
      const prefix = unique();
      const rows = Array.from({ length: count }, (_, n) => `${prefix}-${n},Name,,1,,5,,,,,`);
      return (await statementsOf(shop, () => importFile(shop.editor, fileOf(...rows)))).length;
    };
    expect(await statements(100)).toBe(await statements(2));
  });

  it('are not there for a dry run, nor for a write that failed', async () => {
    const before = await shop.query('SELECT count(*) FROM events');
    await importFile(shop.editor, fileOf(`${unique()},Mug,,5,,3,,,,,`), { query: '?dryRun=true' });
    const taken = await shop.editor.api.post('/products', { name: 'Two', price: 1, categoryId: ann.id });
    expect(taken.status).toBe(422);
    expect(await shop.query('SELECT count(*) FROM events')).toEqual(before);
  });

  describe('that stock is low', () => {
    it('come once when it falls that far, and again only after it rose above', async () => {
      const product = await shop.product({ stock: 8, lowStockThreshold: 5 });
      await buy(product, 2);
      expect(await fallsOf(product)).toEqual([]);
      await buy(product, 1);
      const { id: productId, sku, name, slug } = product;
      const fall = { productId, sku, name, slug, stock: 5, lowStockThreshold: 5, version: 3 };
      expect(await fallsOf(product)).toEqual([fall]);
      await buy(product, 1);
      await adjust(product, -1);
      await adjust(product, 2);
      expect(await fallsOf(product)).toEqual([fall]);
      await adjust(product, 1);
      await adjust(product, -6);
      expect((await fallsOf(product)).map(({ stock }) => stock)).toEqual([5, 0]);
    });

    it('come after a cancelled order gave it back and another took it', async () => {
      const product = await shop.product({ stock: 6, lowStockThreshold: 5 });
      const { body: order } = await buy(product, 1);
      await ann.api.post(`/orders/${order.id}/cancel`);
      await buy(product, 2);
      expect((await fallsOf(product)).map(({ stock }) => stock)).toEqual([5, 4]);
    });

    it('come with an edit that takes stock or raises what is low, and not for what is made so', async () => {
      const product = await shop.product({ stock: 3, lowStockThreshold: 5 });
      expect(await typesOf(product)).toEqual(['product.created']);
      await edit(product, { stock: 9 });
      await edit(product, { stock: 4 });
      await edit(product, { stock: 2 });
      await edit(product, { lowStockThreshold: 1 });
      await edit(product, { lowStockThreshold: 2 });
      await edit(product, { lowStockThreshold: null });
      expect((await fallsOf(product)).map(({ stock }) => stock)).toEqual([4, 2]);
      const edits = (await typesOf(product)).filter((type) => type === 'product.updated');
      expect(edits).toHaveLength(6);
    });

    it('come with an import', async () => {
      const sku = unique();
      const product = await shop.product({ sku, stock: 9, lowStockThreshold: 5 });
      for (const stock of [5, 4, 6, 0])
        await importFile(shop.editor, fileOf(`${sku},Name,,10,,${stock},,,,,`));
      expect((await fallsOf(product)).map(({ stock }) => stock)).toEqual([5, 0]);
    });

    it('come once for each fall that the ledger shows, however many take and give at the same time', async () => {
      const products = await Promise.all(
        [1, 2, 3].map(() => shop.product({ stock: 12, lowStockThreshold: 8 })),
      );
      const both = (product: Json, index: number): Promise<{ status: number }>[] => [
        buy(product, 1),
        buy(product, 1),
        adjust(product, index % 2 === 0 ? 1 : -1),
        edit(product, { featured: index % 2 === 0 }),
      ];
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => products.flatMap((product) => both(product, index))).flat(),
      );
      expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(3 * 12);
      for (const product of products) {
        const [falls] = await shop.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM stock_movements
            WHERE product_id = $1 AND kind <> 'initial' AND stock <= 8 AND stock - delta > 8`,
          [product.id],
        );
        expect(falls?.count).toBeGreaterThanOrEqual(1);
        expect(await fallsOf(product)).toHaveLength(falls?.count ?? -1);
      }
    });

    it('cost an order one statement in which they fall, and none otherwise', async () => {
      const product = await shop.product({ stock: 8, lowStockThreshold: 5 });
      const count = async () => (await statementsOf(shop, () => buy(product, 2))).length;
      const plain = await count();
      expect(await count()).toBe(plain + 1);
      expect(await count()).toBe(plain);
    });
  });
});
