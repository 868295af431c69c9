import { emptyShop, exportFile, importFile, recordsOf } from './support/catalogue-files';
import { type Person, Shop, unique } from './support/shop';

/** What products may be called and say, and a spreadsheet or a careless reader would change. */
const TEXTS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  "'=1",
  "'''@",
  '＝1',
  'null',
  "'null",
  "''",
  "'",
  "it's",
  'a,b;c|d\te',
  'say "hello"',
  '"',
  '"",""',
  '\\"',
  'x > y \\> z',
  '🫖 Größe ❤️ \u202Eabc',
  'true',
  '0012',
  '1e5',
  '#N/A',
  '❤️'.repeat(30),
];

const DESCRIPTIONS = [
  ...TEXTS,
  '',
  '  ',
  '  padded  ',
  '\t=1',
  '\r\n=1',
  '\n',
  ' null ',
  'line\r\nline\nline\rline\r',
  '"\n"',
  'x'.repeat(10_000),
  '"'.repeat(10_000),
  '❤️'.repeat(10_000),
];

describe('an export that is imported again', () => {
  let shop: Shop;
  let editor: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ({ editor } = shop);
  });

  afterEach(() => emptyShop(shop));

  afterAll(() => shop.close());

  const state = (): Promise<object[]> => shop.query('SELECT * FROM products ORDER BY id');
  const withoutId = (file: string): string[] =>
    recordsOf(file)
      .map((record) => JSON.stringify(record))
      .sort();

  /** Imports the export, expects no change, then makes the same shop of it elsewhere. */
  async function expectRoundTrip(count: number): Promise<void> {
    const [file, before] = [await exportFile(editor), await state()];
    const { body } = await importFile(editor, file);
    expect(body).toEqual({ created: 0, updated: 0, unchanged: count, failed: 0, errors: [] });
    expect(await state()).toEqual(before);
    const other = await Shop.open();
    const copy = await importFile(other.editor, file);
    expect(copy.body).toMatchObject({ created: count, failed: 0 });
    expect(withoutId(await exportFile(other.editor))).toEqual(withoutId(file));
    await other.close();
  }

  it('changes nothing, whatever names, skus and descriptions are', async () => {
    for (const [index, text] of TEXTS.entries())
      await shop.product({ name: text, sku: text.slice(0, 50) || index });
    for (const description of DESCRIPTIONS) await shop.product({ sku: unique(), description });
    await shop.product({ sku: 'x'.repeat(64), name: 'n'.repeat(300), description: null });
    await expectRoundTrip(TEXTS.length + DESCRIPTIONS.length + 1);
  });

  it('changes nothing, whatever prices, stock, states and attributes are', async () => {
    const products = [
      { price: 0 },
      { price: 99_999_999.99, stock: 1_000_000_000 },
      { price: 0.1, currency: 'EUR' },
      { price: 1_200, currency: 'JPY' },
      { price: 1.005, currency: 'KWD', compareAtPrice: 2 },
      { price: 0.0001, currency: 'CLF' },
      { featured: true, status: 'archived', imageUrl: 'http://localhost:8080/a,b?c="d"' },
      { status: 'draft', imageUrl: 'https://xn--a/x.png', lowStockThreshold: 3 },
      { attributes: { b: 1e21, a: 1e-7, big: 1.7976931348623157e308, tiny: 5e-324, zero: -0, c: 0.1 } },
      { attributes: { '2': 'two', '10': 'ten', z: '', a: 'null', '=': '=1', 'ü "': true, '1e21': false } },
      {
        attributes: Object.fromEntries(
          Array.from({ length: 50 }, (_, n) => [`${n}`.padEnd(100, 'k'), '"'.repeat(800)]),
        ),
      },
    ];
    for (const product of products) await shop.product({ sku: unique(), ...product });
    await expectRoundTrip(products.length);
  });

  it('changes nothing, whatever categories are called', async () => {
    const names = [...TEXTS, '>', '> a', 'a >', '\\>', '\\\\> a', 'a > > b', 'ends \\', 'x'.repeat(200)];
    let parentId: string | null = null;
    for (const name of names) {
      const root = await shop.category({ name });
      const child: { id: string } = await shop.category({ name, parentId });
      parentId = child.id;
      await shop.product({ sku: unique(), categoryId: root.id });
      await shop.product({ sku: unique(), categoryId: child.id });
    }
    const file = await exportFile(editor);
    const before = await state();
    const { body } = await importFile(editor, file);
    expect(body).toMatchObject({ unchanged: names.length * 2, updated: 0, created: 0, failed: 0 });
    expect(await state()).toEqual(before);
    expect(await shop.query('SELECT FROM categories')).toHaveLength(names.length * 2);
  });

  it('leaves a product in the second of two categories of one path', async () => {
    const home = await shop.category({ name: 'Home' });
    const [first, second] = [
      await shop.category({ name: 'Linen', parentId: home.id }),
      await shop.category({ name: 'Linen', parentId: home.id }),
    ];
    const otherHome = await shop.category({ name: 'Home' });
    const third = await shop.category({ name: 'Linen', parentId: otherHome.id });
    const ids = [third.id, second.id, first.id, otherHome.id];
    for (const categoryId of ids) await shop.product({ sku: unique(), categoryId });
    const before = await state();
    expect((await importFile(editor, await exportFile(editor))).body).toMatchObject({ unchanged: 4 });
    expect(await state()).toEqual(before);
  });

  it('moves a product that is elsewhere into the older of two categories of one path', async () => {
    const [first] = [await shop.category({ name: 'Linen' }), await shop.category({ name: 'Linen' })];
    const { id } = await shop.product({ sku: 'A' });
    await importFile(editor, 'sku,name,price,categoryPath\nA,,,Linen\n');
    expect((await editor.api.get(`/products/${id}`)).body.category.id).toBe(first.id);
  });

  it('refuses products without a sku, and leaves them as they are', async () => {
    await shop.product({ name: 'Nameless' });
    await shop.product({ sku: 'A' });
    const before = await state();
    const { body } = await importFile(editor, await exportFile(editor));
    expect(body).toMatchObject({ created: 0, updated: 0, unchanged: 1, failed: 1 });
    expect(body.errors).toEqual([{ row: 2, sku: '', field: 'sku', message: 'sku is required.' }]);
    expect(await state()).toEqual(before);
  });

  it('writes no cell that a spreadsheet would run', async () => {
    for (const text of TEXTS) await shop.product({ name: text, sku: text.slice(0, 50), description: text });
    const cells = recordsOf(await exportFile(editor)).flatMap((record) => Object.values(record));
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
  });
});
