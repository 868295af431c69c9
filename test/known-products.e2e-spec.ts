import { KnownProducts } from '../src/modules/products/search/known-products';
import type { Answer, Json } from './support/api-client';
import { Gallery } from './support/gallery';
import { orderOf, Shop, unique } from './support/shop';
import { statementsOf } from './support/statements';

describe('the products of a list that others have shown', () => {
  let shop: Shop;
  let category: Json;
  let products: Json[];
  let page = 0;

  beforeAll(async () => {
    shop = await Shop.open();
    category = await shop.category();
    products = await shop.products(3, { categoryId: category.id, description: 'as it was' });
  });

  afterAll(() => shop.close());

  afterEach(() => jest.restoreAllMocks());

  /** A page of the three that nobody has asked for yet. */
  const look = (): Promise<Answer<Json>> =>
    shop.api.get(`/products?category=${category.id}&minPrice=${++page / 100}`);

  const seen = async (id: string): Promise<Json> =>
    (await look()).body.data.find((product: Json) => product.id === id);

  it('are not read again', async () => {
    await look();
    const reads = (statements: string[]): string[] =>
      statements.filter((sql) => sql.includes('p.description'));
    expect(reads(await statementsOf(shop, look))).toEqual([]);
    await shop.editor.api.patch(`/products/${products[0]?.id}`, { description: 'new' });
    const [read, ...others] = reads(await statementsOf(shop, look));
    expect(read).toContain('ANY ($1::uuid[])');
    expect(others).toEqual([]);
  });

  it('are shown as they are now, whatever changed of them', async () => {
    const gallery = await Gallery.open(shop, { categoryId: category.id });
    const { productId: id } = gallery;
    const image = await gallery.add({ alt: 'front' });
    expect((await seen(id)).images).toMatchObject([{ alt: 'front' }]);
    await shop.editor.api.patch(gallery.at(image), { alt: 'back' });
    expect((await seen(id)).images).toMatchObject([{ alt: 'back' }]);
    await shop.editor.api.patch(`/products/${id}`, { price: 77 });
    expect(await seen(id)).toMatchObject({ price: 77, stock: 100 });
    const { api } = await shop.customer();
    await api.post('/orders', orderOf({ items: [{ productId: id, quantity: 4 }] }));
    expect(await seen(id)).toMatchObject({ stock: 96 });
    const name = `Renamed ${unique()}`;
    await shop.editor.api.patch(`/categories/${category.id}`, { name });
    expect((await seen(id)).category).toMatchObject({ name });
    await shop.editor.api.delete(`/products/${id}`);
    expect(await seen(id)).toBeUndefined();
  });

  it('are those of one moment when one of them changes while they are read', async () => {
    const [first] = products;
    await shop.editor.api.patch(`/products/${first?.id}`, { description: 'not known yet' });
    const known = shop.test.app.get(KnownProducts);
    const read = known.read.bind(known);
    jest.spyOn(known, 'read').mockImplementationOnce(async (found, db) => {
      await shop.editor.api.patch(`/products/${first?.id}`, { status: 'archived' });
      expect(await read(found, db)).toBeNull();
      return null;
    });
    const { data, meta } = (await look()).body;
    expect(data.map(({ id }: Json) => id)).not.toContain(first?.id);
    expect(data).toHaveLength(2);
    expect(meta.totalItems).toBe(3);
  });
});
