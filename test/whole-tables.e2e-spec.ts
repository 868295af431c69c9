import { EventDispatcher } from '../src/common/events/event-dispatcher';
import { PASSWORD, type Person, Shop } from './support/shop';

/** What grows with the customers of a shop: read as a whole, it takes longer every day, and one day too long. */
const LARGE = ['users', 'sessions', 'orders', 'order_items', 'order_events', 'coupon_redemptions', 'carts'];

/** Small by its condition. */
const SMALL_INDEX = 'ix_users_staff';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Plan[];
}

describe('what is done for one account, or one product', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    await shop.admin.api.patch(`/users/${shop.editor.id}`, { roles: ['EDITOR', 'ADMIN'] });
    await shop.query(
      `INSERT INTO users (id, email, email_key, roles)
       SELECT gen_random_uuid(), n || '@example.com', n || '@example.com', '{CUSTOMER}' FROM generate_series(1, 2000) n`,
    );
    await shop.query('ANALYZE users');
  });

  beforeEach(async () => {
    ann = await shop.customer();
    const { id: productId } = await shop.product({ lowStockThreshold: 99 });
    await shop.order(ann, [{ productId, quantity: 1 }]);
  });

  afterAll(() => shop.close());

  /** The large tables of which the statements read every row, where PostgreSQL has any other way to go. */
  async function tablesReadWhole(work: () => Promise<unknown>): Promise<string[]> {
    const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
    await work();
    const statements = log.mock.calls.filter(([sql]) => /^\s*(SELECT|UPDATE|DELETE|WITH)/.test(sql));
    log.mockRestore();
    expect(statements.length).toBeGreaterThan(2);
    const runner = shop.test.owner.createQueryRunner();
    const found = new Set<string>();
    await runner.startTransaction();
    await runner.query('SET LOCAL enable_seqscan = off');
    for (const [sql, parameters] of statements) {
      const [row] = (await runner.query(`EXPLAIN (FORMAT JSON) ${sql}`, parameters)) as {
        'QUERY PLAN': [{ Plan: Plan }];
      }[];
      for (const table of row ? readWhole(row['QUERY PLAN'][0].Plan) : []) found.add(`${table}: ${sql}`);
    }
    await runner.rollbackTransaction();
    await runner.release();
    return [...found];
  }

  function readWhole(plan: Plan): string[] {
    const { 'Node Type': type, 'Relation Name': table, 'Index Name': index = '' } = plan;
    const read = table ?? index;
    const isWhole = type === 'Seq Scan' || (index !== '' && index !== SMALL_INDEX && !plan['Index Cond']);
    const own = isWhole && LARGE.some((name) => read.includes(name)) ? [read] : [];
    return [...own, ...(plan.Plans ?? []).flatMap(readWhole)];
  }

  it.each<[string, () => Promise<unknown>]>([
    ['its deletion by an admin', () => shop.admin.api.delete(`/users/${ann.id}`)],
    ['its closing', () => ann.api.delete('/users/me', {}, { password: PASSWORD })],
    ['its export', () => ann.api.get('/users/me/export')],
    ['its orders', () => ann.api.get('/orders?cursor=')],
    ['a sign-in', () => shop.api.post('/auth/login', { email: ann.email, password: PASSWORD })],
    ['a demotion', () => shop.admin.api.patch(`/users/${shop.editor.id}`, { roles: ['EDITOR'] })],
    ['news of low stock', () => shop.test.app.get(EventDispatcher).dispatchBatch()],
  ])('reads no table of all customers for %s', async (_, work) => {
    expect(await tablesReadWhole(work)).toEqual([]);
  });
});
