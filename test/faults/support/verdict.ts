import { atOnce } from '../../support/answers';
import { eventually } from '../../support/app';
import type { Json } from '../../support/api-client';
import { brokenOn } from '../../invariants';
import { connected, type FaultDatabase } from './database';
import { times } from './extent';
import { type FaultShop, STOCK } from './fault-shop';
import type { Acknowledged, Shopper } from './shopper';
import type { Shoppers } from './shoppers';

/** What the tables say of what the shoppers were told. */
export interface Verdict {
  /** How many orders shoppers were told of. */
  acknowledged: number;
  /** Orders that a shopper was told of, and that are not there. */
  lost: string[];
  /** Keys that have two orders, and orders that no shopper was told of although all asked until they were told. */
  doubled: string[];
  /** Invariants that do not hold. */
  broken: string[];
  /** What else is wrong: the stock, a replay, an answer that nobody should get. */
  wrong: string[];
}

interface Row {
  id: string;
  number: string;
  userId: string;
  key: string;
  isCancelled: boolean;
}

/** At most so many orders are asked for again. */
const REPLAYS = times(30, 200);

/** Judges the shop while it is at rest, so that each shopper knows what came of every request. */
export async function judge({ database, products }: FaultShop, shoppers: Shoppers): Promise<Verdict> {
  const rows: Row[] = await database.query(
    `SELECT id, number, user_id AS "userId", idempotency_key AS key, status = 'cancelled' AS "isCancelled"
       FROM orders WHERE user_id = ANY ($1)`,
    [shoppers.each.map(({ id }) => id)],
  );
  const stocks = await database.query('SELECT id, stock FROM products WHERE id = ANY ($1)', [products]);
  const { acknowledged, complaints } = shoppers;
  return {
    ...(await inspect(database)),
    acknowledged: acknowledged.length,
    lost: shoppers.each.flatMap((shopper) => lostOf(shopper, rows)),
    doubled: doubledOf(acknowledged, rows),
    wrong: [...complaints, ...wrongStocks(acknowledged, stocks), ...(await wrongReplays(shoppers))],
  };
}

/** Judges the tables alone, where nobody has shopped. */
export async function inspect({ url }: FaultDatabase): Promise<Verdict> {
  const broken = await connected(url, (client) =>
    brokenOn({ query: async (sql) => (await client.query(sql)).rows }),
  );
  return { acknowledged: 0, lost: [], doubled: [], broken, wrong: [] };
}

/** What a verdict is when nothing is wrong. */
export function expectWhole({ lost, doubled, broken, wrong }: Verdict): void {
  expect({ lost, doubled, broken, wrong }).toEqual({ lost: [], doubled: [], broken: [], wrong: [] });
}

/**
 * Expects that the server can use all the connections of its pool at once: so many orders wait for a product that is
 * locked. One that a fault has leaked would be missing.
 */
export async function expectWholePool(
  { database, products }: FaultShop,
  shoppers: Shoppers,
  size = 10,
): Promise<void> {
  const [productId = ''] = products;
  const items = [{ productId, quantity: 1 }];
  let orders: Promise<unknown> = Promise.resolve();
  await connected(database.url, async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [productId]);
    orders = atOnce(size, async (n) => shoppers.each[n % shoppers.each.length]?.order(items));
    await eventually(async () => (await waiting(database)) >= size, 30);
  });
  await orders;
  expect(await openTransactions(database)).toEqual([]);
}

async function waiting(database: FaultDatabase): Promise<number> {
  const rows = await database.query(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'cartwright' AND wait_event_type = 'Lock'`,
  );
  return rows.length;
}

/** Connections that sit in a transaction although nobody asks the server for anything. */
function openTransactions(database: FaultDatabase): Promise<Json[]> {
  return database.query(
    `SELECT application_name, query FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'cartwright%'
        AND state LIKE 'idle in transaction%' AND state_change < now() - interval '1 second'`,
  );
}

function lostOf({ id: userId, acknowledged }: Shopper, rows: readonly Row[]): string[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  const isThere = (order: Acknowledged): boolean => {
    const row = found.get(order.id);
    const told = {
      id: order.id,
      number: order.number,
      userId,
      key: order.key,
      isCancelled: order.isCancelled,
    };
    return JSON.stringify(row) === JSON.stringify(told);
  };
  return acknowledged.filter((order) => !isThere(order)).map(({ number }) => number);
}

function doubledOf(acknowledged: readonly Acknowledged[], rows: readonly Row[]): string[] {
  const told = new Set(acknowledged.map(({ id }) => id));
  const keys = new Set<string>();
  const isFirst = ({ key }: Row): boolean => !keys.has(key) && Boolean(keys.add(key));
  return rows.filter((row) => !isFirst(row) || !told.has(row.id)).map(({ number }) => number);
}

function wrongStocks(acknowledged: readonly Acknowledged[], stocks: readonly Json[]): string[] {
  const sold = acknowledged.filter(({ isCancelled }) => !isCancelled).flatMap(({ items }) => items);
  return stocks.flatMap(({ id, stock }) => {
    const bought = sold.filter(({ productId }) => productId === id);
    const due = bought.reduce((left, { quantity }) => left - quantity, STOCK);
    return stock === due ? [] : [`the stock is ${stock} and not ${due}`];
  });
}

/** No key stays in progress, and each still gives its one order. */
async function wrongReplays({ each }: Shoppers): Promise<string[]> {
  const wrong: string[] = [];
  for (const { api, acknowledged } of each) {
    for (const { key, body, id } of acknowledged.slice(-Math.ceil(REPLAYS / each.length))) {
      const answer = await api.post('/orders', body, { 'Idempotency-Key': key });
      if (answer.status !== 201 || answer.body.id !== id || !answer.headers.has('idempotent-replayed'))
        wrong.push(`a replay is ${answer.status} ${answer.body.code ?? answer.body.number}`);
    }
  }
  return wrong;
}
