import http from 'node:http';
import type { Pool } from 'pg';
import { expectProblem } from './support/answers';
import type { Json } from './support/api-client';
import { startTestApp } from './support/app';
import { fetchBytes, Gallery, imageFiles } from './support/gallery';
import { UNKNOWN_ID } from './support/routes';
import { type Person, Shop } from './support/shop';
import { statementsOf } from './support/statements';

const PLAIN_URL = 'https://x.example/mug.png';

describe('where images are seen', () => {
  let shop: Shop;
  let gallery: Gallery;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  beforeEach(async () => {
    gallery = await Gallery.open(shop, { imageUrl: PLAIN_URL });
  });

  afterAll(() => shop.close());

  /** The application's own pool of connections. */
  const pool = (): Pool => (shop.test.dataSource.driver as unknown as { master: Pool }).master;

  async function statusOf(url: string): Promise<number> {
    return (await fetch(url)).status;
  }

  describe('a product', () => {
    it('shows them in every answer, the first as its imageUrl', async () => {
      const [first, second] = [await gallery.add({ alt: 'A' }), await gallery.add()];
      const seen = { imageUrl: first.url, images: [first, second] };
      const { body } = await shop.api.get(`/products?limit=1`);
      expect(body.data[0]).toMatchObject({ id: gallery.productId, ...seen });
      expect(await gallery.product()).toMatchObject(seen);
      const path = `/products/${gallery.productId}`;
      expect((await shop.editor.api.patch(path, { name: 'Mug' })).body).toMatchObject(seen);
      expect((await shop.editor.api.put(path, { name: 'Mug', price: 1 })).body).toMatchObject(seen);
    });

    it('shows the plain URL that was given while it has none', async () => {
      expect(await gallery.product()).toMatchObject({ imageUrl: PLAIN_URL, images: [] });
      const image = await gallery.add();
      const path = `/products/${gallery.productId}`;
      const other = 'https://x.example/other.png';
      expect((await shop.editor.api.patch(path, { imageUrl: other })).body.imageUrl).toBe(image.url);
      await shop.editor.api.delete(gallery.at(image));
      expect(await gallery.product()).toMatchObject({ imageUrl: other, images: [] });
    });

    it('in a list costs no statement of its own', async () => {
      const list = async (limit: number): Promise<number> =>
        (await statementsOf(shop, () => shop.api.get(`/products?limit=${limit}`))).length;
      for (let count = 0; count < 3; count++) {
        await gallery.add();
        gallery = await Gallery.open(shop);
      }
      // The first page counts the list for all of them; of each other one, something has not been read before.
      await list(1);
      expect(await list(2)).toBe(await list(4));
    });
  });

  it('are a cart, with the first of each product', async () => {
    const item = { productId: gallery.productId, quantity: 1 };
    const cart = await ann.api.post('/cart/items', item);
    expect(cart.body.items[0].product.imageUrl).toBe(PLAIN_URL);
    const { url } = await gallery.add();
    const after = await ann.api.get('/cart');
    expect(after.body.items[0].product.imageUrl).toBe(url);
    expect(after.headers.get('etag')).not.toBe(cart.headers.get('etag'));
  });

  describe('an order', () => {
    it('keeps the first of each product, whatever becomes of it', async () => {
      const [shownByOrder, never] = [await gallery.add(), await gallery.add()];
      const order = await shop.order(ann, [{ productId: gallery.productId, quantity: 1 }]);
      expect(order.items[0].imageUrl).toBe(shownByOrder.url);
      for (const image of [shownByOrder, never]) await shop.editor.api.delete(gallery.at(image));
      await shop.editor.api.delete(`/products/${gallery.productId}`);
      const { body } = await ann.api.get(`/orders/${order.id}`);
      expect(body.items[0].imageUrl).toBe(shownByOrder.url);
      expect(await statusOf(shownByOrder.url)).toBe(200);
      expect(await statusOf(never.url)).toBe(404);
    });

    it('of a product without images keeps the plain URL', async () => {
      const order = await shop.order(ann, [{ productId: gallery.productId, quantity: 1 }]);
      expect(order.items[0].imageUrl).toBe(PLAIN_URL);
    });
  });

  describe('their addresses', () => {
    it('serve what browsers and CDNs may keep for ever', async () => {
      const { url } = await gallery.add();
      const response = await fetch(url);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/webp',
        'content-length': String(bytes.length),
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        etag: expect.stringMatching(/^"[\w.-]+"$/),
      });
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
      const known = { 'If-None-Match': response.headers.get('etag') ?? '' };
      const again = await fetch(url, { headers: known });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('cache-control')).toMatch(/immutable$/);
    });

    it('are served without the database', async () => {
      const { sizes } = await gallery.add();
      const connect = jest.spyOn(pool(), 'connect');
      for (const url of Object.values<string>(sizes)) await fetchBytes(url);
      expect(connect).not.toHaveBeenCalled();
      connect.mockRestore();
    });

    it('lead nowhere for what is not there', async () => {
      const { id } = await gallery.add();
      expectProblem(await shop.api.get(`/images/${UNKNOWN_ID}/large.webp`), 404, 'not_found');
      for (const file of [
        'huge.webp',
        'large.png',
        'large',
        'LARGE.webp',
        '..',
        '..%2Flarge.webp',
        'toString',
      ])
        expect((await shop.api.get(`/images/${id}/${file}`)).status).toBe(404);
      expectProblem(await shop.api.get(`/images/${id}/x.webp`), 404, 'not_found');
      expect((await shop.api.get(`/images/${id}/x.webp`)).headers.get('cache-control')).toBe(
        'private, no-store',
      );
    });

    it('lead to nothing else that is on the disk', async () => {
      const { id } = await gallery.add();
      for (const name of ['1', '..', '..%2F..', '%2e%2e', `..%2Fimages%2F${id}`, `${id}%00`, `${id}%2F..`]) {
        const status = await rawStatus(`${shop.api.origin}/api/images/${name}/large.webp`);
        expect([400, 404]).toContain(status);
      }
      expectProblem(await shop.api.get('/images/..%2F..%2Fimages/large.webp'), 400, 'malformed_id');
    });

    it('are gone with the image, and so are its files', async () => {
      const before = imageFiles(shop);
      const image = await gallery.add();
      expect(imageFiles(shop)).toHaveLength(before.length + 4);
      expect(await statusOf(image.sizes.small)).toBe(200);
      await shop.editor.api.delete(gallery.at(image));
      expect(await statusOf(image.sizes.small)).toBe(404);
      expect(imageFiles(shop)).toEqual(before);
    });

    it('have a limit of their own, and begin where the settings say', async () => {
      const settings = {
        RATE_LIMIT: 'on',
        RATE_LIMIT_IMAGES: '2',
        DATA_DIR: shop.test.dataDir,
        PUBLIC_URL: 'https://shop.example/base/',
      };
      const { id } = await gallery.add();
      const other = await startTestApp({ databaseUrl: shop.test.databaseUrl, settings });
      const seen: Json = (await other.api.get(`/products/${gallery.productId}`)).body;
      expect(seen.imageUrl).toBe(`https://shop.example/base/api/images/${id}/large.webp`);
      const ask = (): Promise<number> => statusOf(`${other.api.origin}/api/images/${id}/small.webp`);
      expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
      await other.close();
    });
  });
});

/** `fetch` would tidy the path up first. */
function rawStatus(url: string): Promise<number | undefined> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    http
      .get({ hostname, port, path: url.slice(origin.length) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });
}
