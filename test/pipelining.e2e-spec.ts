import type { Client } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { Transactions } from '../src/common/database/transactions';
import { Shop } from './support/shop';

describe('statements that are sent without waiting for one another', () => {
  let shop: Shop;
  let dataSource: DataSource;

  beforeAll(async () => {
    shop = await Shop.open();
    ({ dataSource } = shop.test);
    await shop.query('CREATE TABLE notes (id integer PRIMARY KEY); GRANT ALL ON notes TO PUBLIC');
  });

  afterAll(() => shop.close());

  const noted = async (): Promise<number[]> =>
    (await shop.query<{ id: number }>('SELECT id FROM notes ORDER BY id')).map(({ id }) => id);

  it('are answered each with its own rows, in the order in which they were asked for', async () => {
    const answers = await dataSource.transaction((tx) =>
      Promise.all([
        tx.query('INSERT INTO notes VALUES ($1)', [1]),
        tx.query('SELECT count(*)::int AS count FROM notes'),
        tx.query('INSERT INTO notes VALUES ($1)', [2]),
        tx.query('SELECT count(*)::int AS count FROM notes WHERE id > $1', [0]),
      ]),
    );
    expect(answers).toEqual([[], [{ count: 1 }], [], [{ count: 2 }]]);
  });

  it('are undone together, whichever fails', async () => {
    const before = await noted();
    const work = dataSource.transaction((tx) =>
      Promise.all([
        tx.query('INSERT INTO notes VALUES (11)'),
        tx.query('SELECT 1 / $1::int', [0]),
        tx.query('INSERT INTO notes VALUES (12)'),
      ]),
    );
    await expect(work).rejects.toThrow('division by zero');
    expect(await noted()).toEqual(before);
  });

  it('leave what was done before a savepoint, when what comes after it fails', async () => {
    await dataSource.transaction(async (tx) => {
      await tx.query('INSERT INTO notes VALUES (21)');
      await expect(tx.transaction((inner) => inner.query('INSERT INTO notes VALUES (21)'))).rejects.toThrow();
      await expect(tx.transaction(() => Promise.reject(new Error('nothing was sent')))).rejects.toThrow();
      await tx.transaction((inner) => inner.query('INSERT INTO notes VALUES (22)'));
    });
    expect((await noted()).filter((id) => id > 20 && id < 30)).toEqual([21, 22]);
  });

  it('fail when the end of a savepoint fails that went along', async () => {
    const work = dataSource.transaction(async (tx) => {
      // The savepoint is released behind a failure that nobody heard of.
      await tx.transaction((inner) => inner.query('SELECT 1 / 0').catch(() => undefined));
      await tx.query('INSERT INTO notes VALUES (31)');
    });
    await expect(work).rejects.toThrow('current transaction is aborted');
    expect(await noted()).not.toContain(31);
  });

  it('belong to the transaction with whose end they go out', async () => {
    const transactions = shop.test.app.get(Transactions);
    const idOf = async (tx: EntityManager): Promise<string> =>
      (await tx.query<{ id: string }[]>('SELECT pg_current_xact_id()::text AS id'))[0]?.id ?? '';
    const ids = await transactions.runAndFinish(idOf, async (before, tx) => {
      const [after] = await Promise.all([idOf(tx), tx.query('INSERT INTO notes VALUES (41)')]);
      return { before, after };
    });
    expect(ids.after).toBe(ids.before);
    const failing = transactions.runAndFinish(
      (tx) => tx.query('INSERT INTO notes VALUES (42)'),
      (_, tx) => tx.query('INSERT INTO notes VALUES (41)'),
    );
    await expect(failing).rejects.toThrow('duplicate key');
    expect((await noted()).filter((id) => id > 40)).toEqual([41]);
  });

  it('go out as one write, the beginning of the transaction among them', async () => {
    const writes = jest.fn();
    await dataSource.transaction(async (tx) => {
      const client = (await tx.queryRunner?.connect()) as Client;
      const { stream } = client.connection;
      const write = stream._writev?.bind(stream);
      stream._writev = (chunks, done) => {
        writes();
        write?.(chunks, done);
      };
      await Promise.all([tx.query('SELECT $1::int', [1]), tx.query('SELECT $1::int', [2])]);
      stream._writev = write;
    });
    expect(writes).toHaveBeenCalledTimes(1);
  });
});
