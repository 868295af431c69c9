import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import { eventually } from './support/app';
import {
  answerTo,
  emptyShop,
  exportFile,
  fileOf,
  HEADER,
  importFile,
  leftovers,
  manyRows,
  problemOf,
  startUpload,
} from './support/catalogue-files';
import { type Person, Shop } from './support/shop';

const MUG = 'M-1,Mug,For tea,19.99,USD,5,Home > Mugs,https://img.example.com/m.jpg,true,draft,"{""g"":320}"';
const NOTHING = { created: 0, updated: 0, unchanged: 0, failed: 0, errors: [] };

describe('importing a catalogue file over HTTP', () => {
  let shop: Shop;
  let editor: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ({ editor } = shop);
  });

  afterEach(async () => {
    expect(await leftovers()).toEqual([]);
    await emptyShop(shop);
  });

  afterAll(() => shop.close());

  /** Everything that an import may change. */
  const state = async (): Promise<object[]> => [
    ...(await shop.query<object>('SELECT * FROM products ORDER BY id')),
    ...(await shop.query<object>('SELECT * FROM categories ORDER BY id')),
    ...(await shop.query<object>('SELECT * FROM stock_movements ORDER BY id')),
  ];

  it('creates, updates and leaves alone, and says how many of each', async () => {
    const first = await importFile(editor, fileOf(MUG, 'A,Apron,,5,,,,,,,'));
    expect([first.status, first.body]).toEqual([200, { ...NOTHING, created: 2 }]);
    expect(first.headers.get('content-type')).toMatch(/^application\/json/);
    expect(first.headers.get('cache-control')).toBe('private, no-store');
    const second = await importFile(shop.admin, fileOf(MUG, 'A,Big Apron,,5,,,,,,,', 'B,Bowl,,1,,,,,,,'));
    expect(second.body).toEqual({ ...NOTHING, created: 1, updated: 1, unchanged: 1 });
    const { body } = await editor.api.get('/products/mug');
    expect(body).toMatchObject({ sku: 'M-1', price: 19.99, stock: 5, attributes: { g: 320 } });
    expect(body.category.name).toBe('Mugs');
  });

  it('takes a BOM, CRLF, any order of columns and any way to say UTF-8', async () => {
    const lines = ['\uFEFFprice,name,sku', '1.5,"Große ""Tasse""",T-1', ''];
    for (const type of ['text/csv', 'text/csv; charset=utf-8', 'TEXT/CSV;charset="UTF-8"']) {
      const answer = await importFile(editor, lines.join('\r\n'), { headers: { 'Content-Type': type } });
      expect([type, answer.status]).toEqual([type, 200]);
    }
    const [{ body }] = [await editor.api.get('/products?q=T-1')];
    expect(body.data[0]).toMatchObject({ name: 'Große "Tasse"', price: 1.5, sku: 'T-1' });
  });

  it('takes nothing that is not plain CSV in UTF-8', async () => {
    const types = [
      'application/json',
      'text/plain',
      'text/csv; charset=latin1',
      'text/csv; header=present',
      '',
    ];
    for (const type of types) {
      const answer = await importFile(editor, fileOf(MUG), { headers: { 'Content-Type': type } });
      expectProblem(answer, 415, 'unsupported_media_type');
      expect(answer.body.detail).toContain('text/csv');
    }
    const packed = await importFile(editor, fileOf(MUG), { headers: { 'Content-Encoding': 'gzip' } });
    expectProblem(packed, 415, 'unsupported_media_type');
    expect(await state()).toEqual([]);
  });

  it('asks who it is before it looks at what is sent', async () => {
    const ann = await shop.customer();
    const wrong = { headers: { 'Content-Type': 'application/json' } };
    expectProblem(await importFile(ann, '{', wrong), 403, 'forbidden');
    expectProblem(await importFile({ ...ann, api: shop.api }, '{', wrong), 401, 'unauthenticated');
    const upload = startUpload(ann);
    upload.write(`${HEADER}\n`);
    expect((await answerTo(upload)).statusCode).toBe(403);
    upload.destroy();
    expect(await state()).toEqual([]);
  });

  it.each([
    ['an empty file', ''],
    ['no header row', `${MUG}\n`],
    ['an unknown column', `${HEADER},colour\n${MUG},red\n`],
    ['a column that comes twice', `${HEADER},name\n${MUG},Mug\n`],
    ['too few columns', 'sku,name\nM-1,Mug\n'],
    ['a quote that is never closed, at the end', fileOf(...manyRows(600), 'Q,"Quilt,,1,,,,,,,')],
    [
      'text that is not UTF-8, at the end',
      Buffer.from(fileOf(...manyRows(600), 'F,Fär,,1,,,,,,,'), 'latin1'),
    ],
    ['too many rows', `sku,name,price\n${'a,b,1\n'.repeat(100_001)}`],
  ])('changes nothing for %s', async (_, file) => {
    expectInvalid(await importFile(editor, file), 'file');
    expect(await state()).toEqual([]);
  });

  it('changes nothing for a request without a body', async () => {
    expectInvalid(await editor.api.request('POST', '/products/import'), 'file');
    expectInvalid(await importFile(editor, fileOf(MUG), { query: '?dryRun=yes' }), 'dryRun');
    expectInvalid(await importFile(editor, fileOf(MUG), { query: '?dry=true' }), 'dry');
    expect(await state()).toEqual([]);
  });

  it('takes a file of a header alone', async () => {
    expect((await importFile(editor, fileOf())).body).toEqual(NOTHING);
  });

  it('tells beforehand what it would do, in a dry run', async () => {
    await importFile(editor, fileOf(MUG, 'A,Apron,,5,,,,,,,'));
    const before = await state();
    const file = fileOf(MUG, 'A,Apron,,6,,2,New > Aprons,,,,', 'B,Bowl,,1,,,New,,,,', 'C,Cup,,x,,,,,,,');
    const dry = await importFile(editor, file, { query: '?dryRun=true' });
    expect(dry.body).toMatchObject({ created: 1, updated: 1, unchanged: 1, failed: 1 });
    expect(await state()).toEqual(before);
    expect((await importFile(editor, file, { query: '?dryRun=false' })).body).toEqual(dry.body);
  });

  it('reports what is wrong with a row, by row and column, and keeps the others', async () => {
    const rows = [
      MUG,
      ',Nobody,,1,,,,,,,',
      "'=A,,,5.999,,,,,,,",
      'B,Bowl',
      'M-1,Mug,,1,,,,,,,',
      'C,Cup,,1,,,,,,,',
    ];
    const { status, body } = await importFile(editor, fileOf(...rows));
    expect([status, body]).toMatchObject([200, { created: 2, updated: 0, unchanged: 0, failed: 4 }]);
    expect(body.errors).toEqual([
      { row: 3, sku: '', field: 'sku', message: 'sku is required.' },
      { row: 4, sku: '=A', field: 'name', message: 'name is required for a new product.' },
      { row: 4, sku: '=A', field: 'price', message: 'price has more digits than USD has (2).' },
      { row: 5, sku: 'B', field: 'row', message: 'The row has more or fewer cells than the header.' },
      { row: 6, sku: 'M-1', field: 'sku', message: 'sku was in row 2 already.' },
    ]);
  });

  it('lists no more than 1,000 errors', async () => {
    const { body } = await importFile(
      editor,
      fileOf(...manyRows(1_100).map((row) => row.replace(',1,', ',x,'))),
    );
    expect([body.failed, body.errors.length]).toEqual([1_100, 1_000]);
  });

  it('takes 10,000 rows, and none of them anew the second time', async () => {
    const file = fileOf(...manyRows(10_000));
    expect((await importFile(editor, file)).body).toEqual({ ...NOTHING, created: 10_000 });
    expect((await importFile(editor, file)).body).toEqual({ ...NOTHING, unchanged: 10_000 });
  });

  it('takes an upload that comes in pieces', async () => {
    const upload = startUpload(editor);
    for (const piece of fileOf(...manyRows(40)).match(/[^]{1,97}/g) ?? []) {
      upload.write(piece);
      await new Promise(setImmediate);
    }
    upload.end();
    const response = await answerTo(upload);
    expect([response.statusCode, await problemOf(response)]).toEqual([200, { ...NOTHING, created: 40 }]);
  });

  it('forgets an upload that breaks off', async () => {
    const upload = startUpload(editor, { 'Idempotency-Key': 'broken' });
    upload.on('error', () => undefined);
    upload.write(fileOf(...manyRows(2_000)));
    if (process.platform === 'linux') await eventually(async () => (await leftovers()).length === 1);
    upload.destroy();
    await eventually(() => shop.test.logs.some(({ isComplete }) => isComplete === false));
    await eventually(async () => (await leftovers()).length === 0);
    expect(await state()).toEqual([]);
    expect(shop.test.logs.filter(({ level }) => level === 'error')).toEqual([]);
    const again = await importFile(editor, fileOf(MUG), { headers: { 'Idempotency-Key': 'broken' } });
    expect(again.status).toBe(200);
  });

  it('refuses what says that it is over 100 MB before it comes, and what is once it is', async () => {
    const declared = startUpload(editor, { 'Content-Length': '100000001' });
    declared.flushHeaders();
    const refused = await answerTo(declared);
    expect([refused.statusCode, (await problemOf(refused)).code]).toEqual([413, 'body_too_large']);
    declared.destroy();

    const endless = startUpload(editor);
    const million = Buffer.alloc(1_000_000, 'a');
    const sent = (async () => {
      for (let count = 0; count < 110 && !endless.destroyed; count++) {
        // The shop cuts the upload off: then nothing drains any more.
        if (!endless.write(million)) await Promise.race([once(endless, 'drain'), once(endless, 'close')]);
      }
    })();
    const answer = await answerTo(endless);
    const problem = await problemOf(answer);
    expect([answer.statusCode, problem.code]).toEqual([413, 'body_too_large']);
    expect(problem.detail).toContain('100 MB');
    await sent;
    endless.destroy();
  });

  it('makes nothing twice when two imports run at once', async () => {
    const file = fileOf(...manyRows(1_200));
    const answers = await atOnce(2, () => importFile(editor, file));
    const sum = (field: string): number => answers.reduce((total, { body }) => total + body[field], 0);
    expect([tally(answers), sum('created'), sum('unchanged')]).toEqual([{ '200': 2 }, 1_200, 1_200]);
    expect(await shop.query('SELECT id FROM categories')).toHaveLength(9);
  });

  it('takes six at once, two at a time, and lets shoppers buy meanwhile', async () => {
    const ann = await shop.customer();
    const product = await shop.product({ stock: 50 });
    const imports = atOnce(6, (index) => importFile(editor, fileOf(...manyRows(800, `I${index}`))));
    const orders = await atOnce(10, () => shop.order(ann, [{ productId: product.id, quantity: 1 }]));
    expect([tally(await imports), orders.length]).toEqual([{ '200': 6 }, 10]);
  });

  it('takes no more than twenty at once', async () => {
    const uploads = Array.from({ length: 20 }, () => startUpload(editor));
    for (const upload of uploads) upload.on('error', () => undefined).write(HEADER);
    if (process.platform === 'linux') await eventually(async () => (await leftovers()).length === 20);
    else await sleep(1_000);
    const refused = await importFile(editor, fileOf(MUG));
    for (const upload of uploads) upload.destroy();
    expectProblem(refused, 503, 'service_unavailable');
    expect(refused.headers.get('retry-after')).toBe('30');
    await eventually(async () => (await importFile(editor, fileOf(MUG))).status === 200);
  });

  it('keeps what came before a batch that someone held up, and says so with 503', async () => {
    await importFile(editor, fileOf('N-1100,Mine,,1,,,,,,,'));
    const holder = shop.test.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`SELECT FROM products WHERE sku = 'N-1100' FOR UPDATE`);
    const held = await importFile(editor, fileOf(...manyRows(1_200)));
    await holder.rollbackTransaction();
    await holder.release();
    expectProblem(held, 503, 'service_unavailable');
    expect(held.headers.get('retry-after')).toMatch(/^\d+$/);
    const again = await importFile(editor, fileOf(...manyRows(1_200)));
    expect(again.body).toEqual({ ...NOTHING, created: 199, updated: 1, unchanged: 1_000 });
  });
});

describe('a shop with one connection to its database', () => {
  it('imports and exports as any other', async () => {
    const shop = await Shop.open({ settings: { DATABASE_POOL_SIZE: '1' } });
    const file = fileOf(...manyRows(700));
    const answers = await atOnce(2, (index) =>
      importFile(shop.editor, file, index === 0 ? { headers: { 'Idempotency-Key': 'one' } } : {}),
    );
    expect(tally(answers)).toEqual({ '200': 2 });
    const exported = await exportFile(shop.editor);
    const again = await importFile(shop.editor, exported, { headers: { 'Idempotency-Key': 'two' } });
    expect(again.body).toEqual({ ...NOTHING, unchanged: 700 });
    await shop.close();
  });
});
