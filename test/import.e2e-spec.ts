import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/database/data-source-options';
import { importCatalogue, type ImportReport } from '../src/modules/products/import/catalogue-import';
import { createTestDatabase } from './support/database';

const HEADER = 'sku,name,description,price,currency,stock,categoryPath,imageUrl,featured,status,attributes';
const MUG =
  'M-1,Mug,For tea,19.99,USD,5,Home > Mugs,https://example.com/m.jpg,true,draft,"{""color"":""red"",""g"":320}"';

interface ProductRow {
  slug: string;
  path: string | null;
}

describe('importing a catalogue file', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    const options = dataSourceOptions({ url: database.apiUrl, poolSize: 4, use: 'command' });
    dataSource = await new DataSource(options).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const importLines = (lines: string[], dryRun = false): Promise<ImportReport> =>
    importCatalogue(Readable.from([Buffer.from(lines.join('\n'))]), {
      manager: dataSource.manager,
      storeCurrency: 'EUR',
      dryRun,
    });

  const importRows = (...rows: string[]): Promise<ImportReport> => importLines([HEADER, ...rows]);

  const all = <T>(sql: string): Promise<T[]> => dataSource.query<T[]>(sql);

  const products = (): Promise<ProductRow[]> =>
    all(`SELECT p.sku, p.slug, p.version, p.stock, p.price_minor, concat_ws(' > ', g.name, c.name) AS path
         FROM products p LEFT JOIN categories c ON c.id = p.category_id LEFT JOIN categories g ON g.id = c.parent_id
         ORDER BY p.sku`);

  it('creates products with their categories and the first row of their ledgers', async () => {
    expect(await importRows(MUG)).toEqual({ created: 1, updated: 0, unchanged: 0, failed: 0, errors: [] });
    const [mug] = await all<Record<string, unknown>>('SELECT * FROM products');
    expect(mug).toMatchObject({
      sku: 'M-1',
      slug: 'mug',
      name: 'Mug',
      description: 'For tea',
      price_minor: '1999',
      currency: 'USD',
      stock: 5,
      image_url: 'https://example.com/m.jpg',
      featured: true,
      status: 'draft',
      attributes: { color: 'red', g: 320 },
      version: 1,
    });
    expect(await all('SELECT delta, kind, reason, stock FROM stock_movements')).toEqual([
      { delta: 5, kind: 'initial', reason: 'Initial stock', stock: 5 },
    ]);
  });

  it('gives a new product the defaults where the file says nothing', async () => {
    await importLines(['price,sku,name', '5,A,Apron']);
    const [apron] = await all<Record<string, unknown>>('SELECT * FROM products');
    expect(apron).toMatchObject({
      currency: 'EUR',
      price_minor: '500',
      stock: 0,
      status: 'active',
      featured: false,
      category_id: null,
      description: null,
      attributes: {},
    });
    expect(await all('SELECT id FROM stock_movements')).toEqual([]);
  });

  it('changes nothing when the same file comes again', async () => {
    await importRows(MUG, 'A,Apron,,5,,,,,,,');
    const before = await all('SELECT * FROM products ORDER BY id');
    expect(await importRows(MUG, 'A,Apron,,5,,,,,,,')).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(await all('SELECT * FROM products ORDER BY id')).toEqual(before);
  });

  it('updates what differs, raises the version and keeps the slug', async () => {
    await importRows(MUG);
    expect(await importLines(['sku,name,price', 'M-1,Big Mug,24'])).toMatchObject({ updated: 1, created: 0 });
    expect(await products()).toEqual([
      { sku: 'M-1', slug: 'mug', version: 2, stock: 5, price_minor: '2400', path: 'Home > Mugs' },
    ]);
  });

  it('writes a ledger row for a change of stock, and only then', async () => {
    await importRows(MUG);
    await importLines(['sku,name,price,stock', 'M-1,Mug,19.99,2']);
    await importLines(['sku,name,price,stock', 'M-1,Mug,18,2']);
    expect(await all('SELECT delta, kind, reason, stock FROM stock_movements ORDER BY seq')).toEqual([
      { delta: 5, kind: 'initial', reason: 'Initial stock', stock: 5 },
      { delta: -3, kind: 'import', reason: 'Catalogue import', stock: 2 },
    ]);
    expect(await products()).toMatchObject([{ version: 3, stock: 2 }]);
  });

  it('leaves values alone for empty cells and clears them for the word null', async () => {
    await importRows(MUG);
    expect(await importRows('M-1,,,,,,,,,,')).toMatchObject({ unchanged: 1 });
    expect(await importRows('M-1,,null,,,,null,null,,,null')).toMatchObject({ updated: 1 });
    const [mug] = await all<Record<string, unknown>>('SELECT * FROM products');
    expect(mug).toMatchObject({
      description: null,
      category_id: null,
      image_url: null,
      attributes: {},
      stock: 5,
    });
  });

  it('reports bad rows and keeps the good ones', async () => {
    const report = await importRows(
      'A,Apron,,5.999,,,,,,,',
      MUG,
      ',Nobody,,1,,,,,,,',
      'B,,,,,,,,,,',
      'C,Cup',
    );
    expect(report).toMatchObject({ created: 1, failed: 4 });
    expect(report.errors.map(({ row, sku, field }) => [row, sku, field])).toEqual([
      [2, 'A', 'price'],
      [4, '', 'sku'],
      [5, 'B', 'name'],
      [5, 'B', 'price'],
      [6, 'C', 'row'],
    ]);
    expect(await products()).toMatchObject([{ sku: 'M-1' }]);
  });

  it('makes no categories for bad rows', async () => {
    await importRows('A,Apron,,5.999,,,Kitchen > Aprons,,,,');
    expect(await all('SELECT id FROM categories')).toEqual([]);
  });

  it('fails the second row of a sku, in another batch too', async () => {
    const others = Array.from({ length: 600 }, (_, n) => `N-${n},Name,,1,,,,,,,`);
    const report = await importRows(MUG, 'M-1,Other,,1,,,,,,,', ...others, 'M-1,Third,,1,,,,,,,');
    expect(report).toMatchObject({ created: 601, failed: 2 });
    expect(report.errors.map(({ row, message }) => [row, message])).toEqual([
      [3, 'sku was in row 2 already.'],
      [604, 'sku was in row 2 already.'],
    ]);
  });

  it('lists at most 1,000 errors and counts them all', async () => {
    const report = await importRows(...Array.from({ length: 1_200 }, (_, n) => `N-${n},Name,,dear,,,,,,,`));
    expect(report.failed).toBe(1_200);
    expect(report.errors).toHaveLength(1_000);
  });

  it('finds categories by name under the same parent and makes those that are missing', async () => {
    await importRows(
      MUG,
      'A,Apron,,1,,,Home > Aprons,,,,',
      'B,Beaker,,1,,,Lab > Mugs,,,,',
      'C,Cup,,1,,,Home > Mugs,,,,',
    );
    expect((await products()).map(({ path }) => path)).toEqual([
      'Home > Aprons',
      'Lab > Mugs',
      'Home > Mugs',
      'Home > Mugs',
    ]);
    const slugs = await all<{ slug: string }>('SELECT slug FROM categories ORDER BY slug');
    expect(slugs.map(({ slug }) => slug)).toEqual(['aprons', 'home', 'lab', 'mugs', 'mugs-2']);
  });

  it('gives every product a slug of its own', async () => {
    await importRows(...Array.from({ length: 20 }, (_, n) => `N-${n},Same Name,,1,,,,,,,`));
    await importRows('Z,Same Name,,1,,,,,,,', 'F,Featured,,1,,,,,,,');
    const slugs = (await products()).map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(22);
    expect(slugs).toEqual(expect.arrayContaining(['same-name', 'same-name-2', 'same-name-9', 'featured-2']));
  });

  it('changes nothing in a dry run, and says what would happen', async () => {
    await importRows(MUG);
    const report = await importLines(
      ['sku,name,price,categoryPath', 'M-1,Mug,1,New', 'A,Apron,1,New', 'B,B,x,'],
      true,
    );
    expect(report).toMatchObject({ created: 1, updated: 1, unchanged: 0, failed: 1 });
    expect(await products()).toMatchObject([{ sku: 'M-1', version: 1, price_minor: '1999' }]);
    expect(await all('SELECT id FROM categories')).toHaveLength(2);
  });

  it('changes nothing for a file with a bad header', async () => {
    await expect(importLines([`${HEADER},colour`, `${MUG},red`])).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect(await products()).toEqual([]);
  });

  it('makes a product anew whose namesake was deleted', async () => {
    await importRows(MUG);
    await dataSource.query('UPDATE products SET deleted_at = now()');
    expect(await importRows(MUG)).toMatchObject({ created: 1 });
  });

  it('tells how far it is, a batch at a time', async () => {
    const seen: number[] = [];
    const rows = Array.from({ length: 1_001 }, (_, n) => `N-${n},Name ${n},,1,,,,,,,`);
    const onProgress = (done: number): void => void seen.push(done);
    await importCatalogue(Readable.from([Buffer.from([HEADER, ...rows].join('\n'))]), {
      manager: dataSource.manager,
      storeCurrency: 'EUR',
      onProgress,
    });
    expect(seen).toEqual([500, 1_000, 1_001]);
  });

  it('makes nothing twice when two imports run at once', async () => {
    const rows = Array.from(
      { length: 700 },
      (_, n) => `N-${n},Name ${n % 50},,1,,7,Home > Part ${n % 9},,,,`,
    );
    const reports = await Promise.all([importRows(...rows), importRows(...rows)]);
    const sum = (pick: (report: ImportReport) => number): number =>
      reports.reduce((total, one) => total + pick(one), 0);
    expect([sum(({ created }) => created), sum(({ unchanged }) => unchanged)]).toEqual([700, 700]);
    expect(await all('SELECT id FROM categories')).toHaveLength(10);
  });

  it('runs a batch again when someone else takes its sku in between', async () => {
    const other = dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(
      `INSERT INTO products (id, sku, name, slug, price_minor, currency) VALUES (gen_random_uuid(), 'M-1', 'x', 'x', 1, 'USD')`,
    );
    const importing = importRows(MUG);
    await untilSomeoneWaits(dataSource);
    await other.commitTransaction();
    await other.release();
    expect(await importing).toMatchObject({ created: 0, updated: 1 });
  });

  it('uses the category that someone else makes in between', async () => {
    const other = dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(`INSERT INTO categories (id, name, slug) VALUES (gen_random_uuid(), 'Home', 'home')`);
    const importing = importRows(MUG);
    await untilSomeoneWaits(dataSource);
    await other.commitTransaction();
    await other.release();
    expect(await importing).toMatchObject({ created: 1 });
    expect(await all('SELECT name FROM categories ORDER BY name')).toEqual([
      { name: 'Home' },
      { name: 'Mugs' },
    ]);
  });

  it('takes stock that was sold in the meantime into the ledger', async () => {
    await importRows(MUG);
    const buyer = dataSource.createQueryRunner();
    await buyer.startTransaction();
    await buyer.query(
      `WITH sold AS (UPDATE products SET stock = stock - 2 RETURNING id, stock)
       INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock)
       SELECT gen_random_uuid(), id, -2, 'adjustment', 'Sold', stock FROM sold`,
    );
    const importing = importRows(MUG);
    await untilSomeoneWaits(dataSource);
    await buyer.commitTransaction();
    await buyer.release();
    expect(await importing).toMatchObject({ updated: 1 });
    const deltas = await all<{ delta: number }>('SELECT delta FROM stock_movements ORDER BY seq');
    expect(deltas.map(({ delta }) => delta)).toEqual([5, -2, 2]);
  });
});

/** Until a statement of this database waits for a lock. */
async function untilSomeoneWaits(dataSource: DataSource): Promise<void> {
  for (;;) {
    const waiting = await dataSource.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
  }
}
