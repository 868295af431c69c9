import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { Transactions } from '../src/common/database/transactions';
import { expectProblem } from './support/answers';
import type { Json } from './support/api-client';
import { orderOf, type Person, Shop, unique } from './support/shop';
import { statementsOf } from './support/statements';

const LOCK = 'SELECT FROM products WHERE id = $1 FOR NO KEY UPDATE';

describe('a deadlock', () => {
  let shop: Shop;
  let ann: Person;
  /** In the order in which the shop locks them. */
  let products: [Json, Json];

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
    const [one, two] = [await shop.product({ stock: 9 }), await shop.product({ stock: 9 })];
    products = one.id < two.id ? [one, two] : [two, one];
  });

  afterAll(() => shop.close());

  const transactions = () => shop.test.app.get(Transactions);
  const raise = (sqlState: string) =>
    `DO $$ BEGIN RAISE EXCEPTION 'No' USING ERRCODE = '${sqlState}'; END $$`;

  it('of two transactions ends one of them, which is run again and sees what the other wrote', async () => {
    const [first, second] = products;
    const runs: string[] = [];
    const bothHoldOne = barrier(2);
    const cross = (name: string, mine: Json, theirs: Json) =>
      transactions().run(async (tx: EntityManager) => {
        runs.push(name);
        await tx.query(LOCK, [mine.id]);
        await bothHoldOne();
        await tx.query(LOCK, [theirs.id]);
        await tx.query(`UPDATE products SET description = coalesce(description, '') || $2 WHERE id = $1`, [
          first.id,
          name,
        ]);
      });
    await Promise.all([cross('a', first, second), cross('b', second, first)]);
    expect(runs).toHaveLength(3);
    const [{ description }] = await shop.query('SELECT description FROM products WHERE id = $1', [first.id]);
    expect(['ab', 'ba']).toContain(description);
  });

  it('is tried three times again, and then it is an error', async () => {
    for (const sqlState of ['40P01', '40001']) {
      let runs = 0;
      const failing = transactions().run((tx) => {
        runs++;
        return tx.query(raise(sqlState));
      });
      await expect(failing).rejects.toThrow('No');
      expect(runs).toBe(4);
    }
  });

  it('is what alone is tried again', async () => {
    for (const sqlState of ['23505', '55P03', '57014', 'P0001']) {
      let runs = 0;
      const failing = transactions().run((tx) => {
        runs++;
        return tx.query(raise(sqlState));
      });
      await expect(failing).rejects.toThrow('No');
      expect(runs).toBe(1);
    }
  });

  it.each([
    ['without a key', {}],
    ['under a key', { 'Idempotency-Key': unique() }],
  ])('that hits an order placed %s is not seen by the customer', async (_, headers) => {
    const [first, second] = products;
    const items = [second, first].map(({ id }) => ({ productId: id, quantity: 1 }));
    const other = await connect();
    try {
      await other.query(LOCK, [second.id]);
      let answer: Json;
      const statements = await statementsOf(shop, async () => {
        const placing = ann.api.post('/orders', orderOf({ items }), headers);
        await shop.someoneWaits();
        // The order holds the first product and waits for the second: whoever waits longer is the victim.
        await other.query(LOCK, [first.id]);
        await other.query('COMMIT');
        return (answer = await placing);
      });
      expect(answer.status).toBe(201);
      expect(statements.filter((sql) => sql === 'START TRANSACTION')).toHaveLength(2);
      expect(statements.filter((sql) => sql === 'ROLLBACK')).toHaveLength(1);
    } finally {
      await other.end();
    }
    for (const { id } of products) expect((await shop.api.get(`/products/${id}`)).body.stock).toBe(8);
    expect((await ann.api.get('/orders')).body.data).toHaveLength(1);
  });

  it.each([
    ['a deadlock that comes back each time', '40P01'],
    ['a statement that takes too long', '57014'],
    ['a lock that is not let go', '55P03'],
    ['a server that shuts down', '57P01'],
  ])('and %s is a 503 in the end, of which nothing is kept', async (_, sqlState) => {
    const body = orderOf({ items: [{ productId: products[0].id, quantity: 1 }] });
    const key = { 'Idempotency-Key': unique() };
    await shop.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No' USING ERRCODE = '${sqlState}'; END $$`);
    await shop.query('CREATE TRIGGER fail BEFORE INSERT ON stock_movements EXECUTE FUNCTION fail()');
    try {
      const answer = await ann.api.post('/orders', body, key);
      expectProblem(answer, 503, 'service_unavailable');
      expect(answer.headers.get('retry-after')).toBe('1');
    } finally {
      await shop.query('DROP FUNCTION fail CASCADE');
    }
    const retried = await ann.api.post('/orders', body, key);
    expect([retried.status, retried.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  /** A transaction of someone else's. It begins to wait later and, where it may say so, waits longer. */
  async function connect(): Promise<Client> {
    const { url } = shop.test.owner.options as { url?: string };
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`SET deadlock_timeout = '30s'`).catch(() => undefined);
    await client.query('BEGIN');
    return client;
  }
});

/** Lets nobody pass before so many have come; whoever comes later passes at once. */
function barrier(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return async () => {
    if (++come >= count) open();
    await isOpen;
  };
}
