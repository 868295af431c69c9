import { type ApiClient, type Json } from '../support/api-client';
import { expectProblem, tally } from '../support/answers';
import { eventually } from '../support/app';
import type { Cluster } from '../support/cluster';
import { TestStream } from '../support/event-stream';
import { formOf, png, sendForm } from '../support/pictures';
import { orderOf, PASSWORD, unique } from '../support/shop';

/**
 * The flows of the shop through nginx, by customers, editors and administrators who now come to one process and now to
 * another. Called inside of a `describe`.
 * @param clusterOf the cluster, once it is started
 */
export function itShops(clusterOf: () => Cluster): void {
  let cluster: Cluster;
  let shop: ApiClient;
  let editor: ApiClient;
  let admin: ApiClient;
  let one: ApiClient;
  let two: ApiClient;

  beforeAll(async () => {
    cluster = clusterOf();
    shop = cluster.api;
    [one, two] = cluster.ways;
    editor = shop.as(await tokenOf('editor@example.com', 'editorpass123'));
    admin = shop.as(await tokenOf('admin@example.com', 'adminpass123'));
  });

  afterEach(async () => {
    expect(await cluster.brokenInvariants()).toEqual([]);
  });

  async function tokenOf(email: string, password: string): Promise<string> {
    const { body } = await shop.post('/auth/login', { email, password });
    return body.accessToken;
  }

  async function product(fields: object = {}): Promise<Json> {
    const { status, body } = await editor.post('/products', {
      name: `Lamp ${unique()}`,
      price: 10,
      stock: 50,
      ...fields,
    });
    expect(status).toBe(201);
    return body;
  }

  async function customer(headers: Record<string, string> = {}): Promise<ApiClient> {
    const account = { email: `buyer-${unique()}@example.com`, password: PASSWORD };
    const { status, body } = await shop.post('/auth/register', account, headers);
    expect(status).toBe(201);
    return shop.as(body.accessToken);
  }

  /** The same caller, before one instance. */
  const at = (instance: ApiClient, caller: ApiClient): ApiClient =>
    caller.with(instance.defaultHeaders).at(instance.origin);

  it('sell: from a guest’s cart to a parcel', async () => {
    const { id } = await product({ stock: 3 });
    const { body: coupon } = await admin.post('/coupons', { code: `C-${unique()}`, discountPercent: 10 });
    const { body: cart } = await shop.post('/carts');
    const guest = { 'X-Cart-Token': cart.token };
    await shop.with(guest).post('/cart/items', { productId: id, quantity: 2 });
    const ann = await customer(guest);
    await ann.post('/cart/coupon', { code: coupon.code });
    expect((await ann.get('/cart')).body).toMatchObject({ itemCount: 2, subtotal: 20, total: 18 });
    const { status, body: order } = await ann.post('/orders', orderOf({ expectedTotal: 18 }));
    expect([status, order.total]).toEqual([201, 18]);
    expect((await shop.get(`/products/${id}`)).body.stock).toBe(1);
    expect((await ann.get('/cart')).body.itemCount).toBe(0);
    const parcel = { status: 'shipped', trackingNumber: 'T-1' };
    expect((await editor.put(`/orders/${order.id}/status`, { status: 'processing' })).status).toBe(200);
    expect((await editor.put(`/orders/${order.id}/status`, parcel)).status).toBe(200);
    expect((await ann.get(`/orders/${order.id}`)).body).toMatchObject(parcel);
  });

  it('sell the last units once, whichever instance is asked', async () => {
    const { id } = await product({ stock: 5 });
    const buyers = await Promise.all(Array.from({ length: 12 }, () => customer()));
    const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
    const answers = await Promise.all(
      buyers.map((buyer, n) => at(n % 2 ? one : two, buyer).post('/orders', body)),
    );
    expect(tally(answers)).toEqual({ 201: 5, '409 insufficient_stock': 7 });
  });

  it('answer one key once, on both', async () => {
    const { id } = await product();
    const ann = await customer();
    const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
    const key = { 'Idempotency-Key': unique() };
    await Promise.all([one, two, one, two].map((instance) => at(instance, ann).post('/orders', body, key)));
    const again = await at(two, ann).post('/orders', body, key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await ann.get('/orders')).body.meta.totalItems).toBe(1);
  });

  it('show an edit on one to the next read of both, and share what they keep', async () => {
    const { id } = await product();
    for (let price = 1; price <= 10; price++) {
      const writer = at(price % 2 ? one : two, editor);
      expect((await writer.patch(`/products/${id}`, { price })).status).toBe(200);
      for (const reader of [one, two, shop])
        expect((await reader.get(`/products/${id}`)).body.price).toBe(price);
    }
    const path = `/products?minPrice=0.01&q=${unique()}`;
    await one.get(path);
    await eventually(async () => (await two.get(path)).headers.get('x-cache') === 'HIT');
  });

  it('read the catalogue from the replica', async () => {
    await eventually(async () => {
      await shop.get(`/products?maxPrice=1${Math.floor(Math.random() * 1e6)}`);
      return (await cluster.statementsOnReplica()).some((sql) => /FROM .*products/s.test(sql));
    }, 20);
  });

  it('end a session on both when it is ended on one', async () => {
    const ann = await customer();
    expect((await at(one, ann).get('/auth/me')).status).toBe(200);
    expect((await at(two, ann).post('/auth/logout')).status).toBe(204);
    expectProblem(await at(one, ann).get('/auth/me'), 401, 'token_revoked');
    expectProblem(await at(two, ann).get('/auth/me'), 401, 'token_revoked');
  });

  it('count a limit together', async () => {
    const wrong = { email: `nobody-${unique()}@example.com`, password: 'wrong horse 42' };
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await (n % 2 ? one : two).post('/auth/login', wrong)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await shop.post('/auth/login', wrong)).status).toBe(429);
  });

  it('stream what happens to an order through nginx, whichever instance does it', async () => {
    const { id } = await product();
    const ann = await customer();
    const { body: order } = await ann.post('/orders', orderOf({ items: [{ productId: id, quantity: 1 }] }));
    const streams = await Promise.all(
      [ann, at(one, ann), at(two, ann)].map((reader) =>
        TestStream.open(reader, `/orders/${order.id}/events`),
      ),
    );
    await at(one, editor).put(`/orders/${order.id}/status`, { status: 'processing' });
    await at(two, editor).put(`/orders/${order.id}/status`, { status: 'shipped' });
    for (const stream of streams)
      await eventually(() => stream.states.join() === 'pending,processing,shipped', 10);
    for (const stream of streams) stream.leave();
  });

  it('take images and catalogues through nginx, and show them on both', async () => {
    const { id, sku } = await product({ sku: `SKU-${unique()}` });
    const form = formOf({ file: await png() });
    const { status, body: image } = await sendForm(
      shop,
      `/products/${id}/images`,
      form,
      editor.defaultHeaders,
    );
    expect(status).toBe(201);
    for (const instance of [one, two, shop]) {
      const file = await fetch(instance.origin + new URL(image.sizes.small).pathname);
      expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/webp']);
    }
    const csv = `sku,name,price\n${sku},Lamp of the file,12\n`;
    const imported = await editor.post('/products/import', csv, { 'Content-Type': 'text/csv' });
    expect([imported.status, imported.body.updated]).toEqual([200, 1]);
    expect((await shop.get(`/products/${id}`)).body.name).toBe('Lamp of the file');
    const exported = await editor.get<string>('/products/export');
    expect(exported.body).toContain('Lamp of the file');
  });

  it('let an editor change what nginx has compressed', async () => {
    const { id } = await product({ description: 'A lamp of brass. '.repeat(200) });
    const path = `/products/${id}`;
    const read = await editor.get(path, { 'Accept-Encoding': 'gzip' });
    expect([read.headers.get('content-encoding'), read.headers.get('vary')]).toEqual([
      'gzip',
      expect.stringContaining('Accept-Encoding'),
    ]);
    const tag = read.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\//);
    expect((await editor.get(path, { 'If-None-Match': tag })).status).toBe(304);
    expect((await editor.patch(path, { price: 11 }, { 'If-Match': tag })).status).toBe(200);
    expectProblem(await editor.patch(path, { price: 12 }, { 'If-Match': tag }), 412, 'version_mismatch');
    expect((await editor.get(path, { 'If-None-Match': tag })).status).toBe(200);
  });

  it('refuse what is too large, as a problem, whoever of them notices', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(200_000) });
    const huge = JSON.stringify({ name: 'x'.repeat(2_000_000) });
    for (const body of [large, huge])
      expectProblem(await editor.post('/products', body), 413, 'body_too_large');
  });

  it('keep to themselves what only machines ask', async () => {
    for (const path of ['//health/ready', '//metrics']) expect((await shop.get(path)).status).toBe(404);
  });
}
