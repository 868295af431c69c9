import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import { expectProblem } from './support/answers';
import { eventually } from './support/app';
import { emptyShop, exportFile, HEADER, recordsOf, startDownload } from './support/catalogue-files';
import { type Person, Shop } from './support/shop';

/** Far more than the buffers between the shop and a reader hold. */
const LARGE_SHOP = 2_500;

function fill(shop: Shop, count: number, size: number): Promise<unknown> {
  return shop.query(
    `INSERT INTO products (id, sku, name, slug, description, price_minor, currency)
     SELECT gen_random_uuid(), 'F-' || n, 'Filler ' || n, 'filler-' || n, repeat('.', $2), 100, 'USD'
     FROM generate_series(1, $1::int) n`,
    [count, size],
  );
}

/** Reads to the end. @returns the text, or null when the connection was cut before it */
async function readAll(download: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  download.on('data', (chunk: Buffer) => chunks.push(chunk));
  download.on('error', () => undefined);
  await new Promise((resolve) => download.once('close', resolve));
  return download.complete ? Buffer.concat(chunks).toString() : null;
}

describe('exporting the catalogue over HTTP', () => {
  let shop: Shop;
  let editor: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ({ editor } = shop);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await emptyShop(shop);
  });

  afterAll(() => shop.close());

  it('is a file of its own with one header row', async () => {
    const { status, headers, body } = await editor.api.get('/products/export');
    expect([status, body]).toEqual([200, `${HEADER}\n`]);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="catalogue.csv"');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('etag')).toBeNull();
  });

  it('holds every product that is not deleted, drafts too, in a stable order', async () => {
    const home = await shop.category({ name: 'Home' });
    const pans = await shop.category({ name: 'Pots > Pans', parentId: home.id });
    await shop.product({
      sku: 'P-1',
      name: 'Pan "Iron"',
      description: 'Heavy,\r\nblack.',
      price: 1200,
      currency: 'JPY',
      stock: 3,
      categoryId: pans.id,
      imageUrl: 'https://img.example.com/p.jpg?a=1,2',
      featured: true,
      status: 'draft',
      attributes: { cm: 28, 'is round': true },
    });
    const gone = await shop.product();
    await editor.api.delete(`/products/${gone.id}`);
    await shop.product({ name: 'Bare', price: 1.5, currency: 'KWD', stock: 0, status: 'archived' });
    expect(await exportFile(editor)).toBe(
      [
        HEADER,
        `P-1,"Pan ""Iron""","Heavy,\r\nblack.",1200,JPY,3,Home > Pots \\> Pans,"https://img.example.com/p.jpg?a=1,2",true,draft,"{""cm"": 28, ""is round"": true}"`,
        ',Bare,,1.500,KWD,0,,,false,archived,{}',
        '',
      ].join('\n'),
    );
  });

  it('is for staff, and takes no parameters', async () => {
    expectProblem(await (await shop.customer()).api.get('/products/export'), 403, 'forbidden');
    expectProblem(await shop.api.get('/products/export'), 401, 'unauthenticated');
    expectProblem(await editor.api.get('/products/export?limit=1'), 422, 'validation_failed');
  });

  it('shows what does not change just once while other things change', async () => {
    await fill(shop, LARGE_SHOP, 5_000);
    const download = await startDownload(editor);
    await shop.query(`UPDATE products SET name = 'Changed', deleted_at = now() WHERE sku LIKE '%7'`);
    await shop.query(`UPDATE products SET name = 'Changed' WHERE sku LIKE '%8'`);
    await shop.query(
      `INSERT INTO products (id, sku, name, slug, price_minor, currency)
       SELECT gen_random_uuid(), 'NEW-' || n, 'New', 'new-' || n, 1, 'USD' FROM generate_series(1, 500) n`,
    );
    const skus = recordsOf((await readAll(download)) ?? '').map(({ sku }) => sku ?? '');
    expect(new Set(skus).size).toBe(skus.length);
    const unchanged = skus.filter((sku) => /^F-\d*[^7]$/.test(sku));
    expect(unchanged).toHaveLength(LARGE_SHOP * 0.9);
  });

  it('answers 503 when it cannot begin', async () => {
    const holder = shop.test.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
    const { status, body, headers } = await editor.api.get('/products/export');
    expect([status, body.code, headers.get('content-disposition')]).toEqual([
      503,
      'service_unavailable',
      null,
    ]);
    await holder.rollbackTransaction();
    await holder.release();
  });

  it('cuts the connection when the database fails in between, and says so in the log', async () => {
    await fill(shop, LARGE_SHOP, 10_000);
    const download = await startDownload(editor);
    const holder = shop.test.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
    expect(download.statusCode).toBe(200);
    expect(await readAll(download)).toBeNull();
    await holder.rollbackTransaction();
    await holder.release();
    const errors = (): object[] => shop.test.logs.filter(({ level }) => level === 'error');
    await eventually(() => errors().length > 0);
    expect(errors()).toHaveLength(1);
  });

  it('stops when the reader goes away', async () => {
    await fill(shop, LARGE_SHOP, 10_000);
    const queries = jest.spyOn(shop.test.dataSource.manager, 'query');
    const download = await startDownload(editor);
    const before = queries.mock.calls.length;
    download.destroy();
    await sleep(500);
    expect(queries.mock.calls.length - before).toBeLessThan(3);
    expect(shop.test.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the catalogue of a shop with one connection', () => {
  it('is exported to a slow reader without holding a connection', async () => {
    const shop = await Shop.open({ settings: { DATABASE_POOL_SIZE: '1' } });
    await fill(shop, LARGE_SHOP, 10_000);
    const download = await startDownload(shop.editor);
    await sleep(300);
    const idle = shop.test.dataSource.query('SELECT 1 AS one');
    expect(await Promise.race([idle, sleep(5_000)])).toEqual([{ one: 1 }]);
    expect((await readAll(download))?.length).toBeGreaterThan(LARGE_SHOP * 10_000);
    await shop.close();
  });
});
