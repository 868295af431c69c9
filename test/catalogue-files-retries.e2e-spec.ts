import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager, QueryRunner } from 'typeorm';
import { isUnavailable } from '../src/common/database/database-errors';
import { DomainError } from '../src/common/errors/domain-error';
import { Draining } from '../src/common/http/draining';
import type { IdempotentRequest } from '../src/common/idempotency/idempotency.decorator';
import { Idempotency } from '../src/common/idempotency/idempotency.service';
import { expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { eventually } from './support/app';
import { emptyShop, fileOf, importFile, manyRows } from './support/catalogue-files';
import { gate } from './support/gate';
import { type Person, Shop, unique } from './support/shop';

const FILE = fileOf(...manyRows(700));

describe('an import that comes again under its Idempotency-Key', () => {
  let shop: Shop;
  let editor: Person;
  let key: string;

  beforeAll(async () => {
    shop = await Shop.open();
    ({ editor } = shop);
  });

  beforeEach(() => {
    key = unique();
  });

  afterAll(() => shop.close());

  const locks = (): Promise<object[]> =>
    shop.query(
      `SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE locktype = 'advisory' AND datname = current_database()`,
    );

  afterEach(async () => {
    expect(await locks()).toEqual([]);
    await emptyShop(shop);
  });

  const send = (file = FILE, query = '', person: Person = editor): Promise<Answer<Json>> =>
    importFile(person, file, { query, headers: { 'Idempotency-Key': key } });

  /** A request of the editor with this key, as a service gets it. */
  const requestWith = (ownKey: string): IdempotentRequest => ({
    key: ownKey,
    owner: editor.id,
    hash: Buffer.alloc(32),
    isSecret: false,
    requestId: '',
    markReplayed: () => undefined,
    isReplayed: () => false,
  });

  const replayed = ({ headers }: Answer<Json>): string | null => headers.get('idempotent-replayed');

  /** Holds a product that the second batch of the file needs. */
  async function holdProduct(): Promise<QueryRunner> {
    await importFile(editor, fileOf('N-600,Mine,,1,,,,,,,'));
    const holder = shop.test.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`SELECT FROM products WHERE sku = 'N-600' FOR UPDATE`);
    return holder;
  }

  async function letGo(holder: QueryRunner): Promise<void> {
    await holder.rollbackTransaction();
    await holder.release();
  }

  const waiting = (): Promise<{ pid: number }[]> =>
    shop.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );

  it('gets the first answer and changes nothing', async () => {
    const first = await send();
    await shop.query('UPDATE products SET price_minor = 2');
    const again = await send();
    expect([first.status, replayed(first), first.body.created]).toEqual([200, null, 700]);
    expect([again.status, replayed(again), again.body]).toEqual([200, 'true', first.body]);
    expect(await shop.query('SELECT FROM products WHERE price_minor <> 2')).toEqual([]);
  });

  it('gets a dry run again as well', async () => {
    const first = await send(FILE, '?dryRun=true');
    await importFile(editor, FILE);
    const again = await send(FILE, '?dryRun=true');
    expect([replayed(again), again.body]).toEqual(['true', first.body]);
  });

  it('is refused with other bytes, another query or on another route', async () => {
    await send();
    expectProblem(await send(`${FILE}\n`), 422, 'idempotency_key_reused');
    expectProblem(await send(FILE, '?dryRun=true'), 422, 'idempotency_key_reused');
    const body = { name: 'Mug', price: 1 };
    const product = await editor.api.post('/products', body, { 'Idempotency-Key': key });
    expectProblem(product, 422, 'idempotency_key_reused');
    expect(replayed(await send())).toBe('true');
  });

  it('is one’s own: another editor may have the same key', async () => {
    await send();
    const other = await send(FILE, '', shop.admin);
    expect([replayed(other), other.body.unchanged]).toEqual([null, 700]);
  });

  it('is refused under a key that is no key', async () => {
    key = 'two words';
    expectProblem(await send(), 400, 'malformed_request');
  });

  it('is refused while the first is running, on every route', async () => {
    const holder = await holdProduct();
    const first = send();
    await eventually(async () => (await waiting()).length > 0);
    expectProblem(await send(), 409, 'idempotency_in_progress');
    const body = { name: 'Mug', price: 1 };
    const product = await editor.api.post('/products', body, { 'Idempotency-Key': key });
    expectProblem(product, 409, 'idempotency_in_progress');
    await letGo(holder);
    expect([(await first).status, replayed(await send())]).toEqual([200, 'true']);
  });

  it('is refused while a short request with its key is running', async () => {
    const [isRunning, mayEnd] = [gate(), gate()];
    const slow = shop.test.app.get(Idempotency).run(requestWith(key), async () => {
      isRunning.open();
      await mayEnd.isOpen;
      return {};
    });
    await isRunning.isOpen;
    expectProblem(await send(), 409, 'idempotency_in_progress');
    mayEnd.open();
    await slow;
    expectProblem(await send(), 422, 'idempotency_key_reused');
  });

  it('runs anew after a batch was held up too long: a 503 is not kept', async () => {
    const holder = await holdProduct();
    expectProblem(await send(), 503, 'service_unavailable');
    await letGo(holder);
    const again = await send();
    expect([replayed(again), again.body]).toMatchObject([null, { unchanged: 500, created: 199, updated: 1 }]);
  });

  it('runs anew after the server stopped it between two batches, for a restart', async () => {
    const ending = new AbortController();
    jest.spyOn(shop.test.app.get(Draining), 'signal', 'get').mockReturnValue(ending.signal);
    const holder = await holdProduct();
    const first = send(fileOf(...manyRows(1_200)));
    await eventually(async () => (await waiting()).length > 0);
    ending.abort(new DomainError('service_unavailable', 'The server restarts.'));
    await letGo(holder);
    expectProblem(await first, 503, 'service_unavailable');
    jest.restoreAllMocks();
    const again = await send(fileOf(...manyRows(1_200)));
    expect([replayed(again), again.body]).toMatchObject([null, { unchanged: 1_000, created: 200 }]);
  });

  it('runs anew after its connection was cut: the key is free at once', async () => {
    const holder = await holdProduct();
    const first = send();
    await eventually(async () => (await waiting()).length > 0);
    await shop.query('SELECT pg_terminate_backend($1)', [(await waiting())[0]?.pid]);
    expectProblem(await first, 503, 'service_unavailable');
    await letGo(holder);
    const again = await send();
    expect([again.status, replayed(again), again.body.unchanged]).toEqual([200, null, 500]);
  });

  it('knows a connection that was lost between two batches for what it is', async () => {
    const lost = async (manager: EntityManager): Promise<object> => {
      const [own] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      await shop.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      await sleep(100);
      return manager.transaction(async (tx) => tx.query('SELECT 1'));
    };
    const error: unknown = await shop.test.app
      .get(Idempotency)
      .runInSteps(requestWith(key), lost)
      .catch((reason: unknown) => reason);
    expect(isUnavailable(error)).toBe(true);
    expect((await send()).status).toBe(200);
  });

  it('runs anew when all was imported and the answer was not kept: nothing changes', async () => {
    await send();
    await shop.query('DELETE FROM idempotency_records');
    const again = await send();
    expect([replayed(again), again.body]).toMatchObject([null, { created: 0, updated: 0, unchanged: 700 }]);
  });

  it('runs anew after a file that was none', async () => {
    expectInvalid(await send('sku,name,price\nA,"B,1\n'), 'file');
    expect((await send()).body.created).toBe(700);
  });

  it('leaves no lock behind on a connection that cannot unlock', async () => {
    const broken = async (manager: EntityManager): Promise<object> => {
      await manager.query('BEGIN');
      return manager.query('SELECT 1 / 0');
    };
    for (const _ of [1, 2]) {
      await expect(shop.test.app.get(Idempotency).runInSteps(requestWith(key), broken)).rejects.toThrow(
        'division',
      );
      // PostgreSQL lets go as soon as it notices that the connection is closed.
      await eventually(async () => (await locks()).length === 0);
    }
    expect((await send()).body.created).toBe(700);
  });
});
