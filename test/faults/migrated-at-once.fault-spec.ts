import { BuiltServer, runProgram } from './support/built-server';
import { createFaultDatabase, type FaultDatabase } from './support/database';
import { times } from './support/extent';
import { report } from './support/report';
import { expectWhole, inspect } from './support/verdict';

describe('an empty database', () => {
  async function whileEmpty(work: (database: FaultDatabase) => Promise<void>): Promise<void> {
    const database = await createFaultDatabase('template0');
    try {
      await work(database);
    } finally {
      await database.drop();
    }
  }

  it('is migrated once by two who migrate at once, and serves', async () => {
    const tries = times(1, 10);
    for (let n = 0; n < tries; n++) {
      await whileEmpty(async (database) => {
        const migrate = () => runProgram('src/commands/migrate', ['run'], database.url);
        const [first, second] = await Promise.all([migrate(), migrate()]);
        expect([first.exit.code, second.exit.code]).toEqual([0, 0]);
        const applied = await database.query('SELECT name, count(*)::int FROM migrations GROUP BY name');
        expect(applied.length).toBeGreaterThan(0);
        expect(applied.filter(({ count }) => count !== 1)).toEqual([]);
        const server = await BuiltServer.on(database.url);
        await server.start();
        await server.close();
      });
    }
  });

  it('is migrated and filled once by two development servers that start at once', async () => {
    const tries = times(1, 10);
    for (let n = 0; n < tries; n++) {
      await whileEmpty(async (database) => {
        const [first, second] = await Promise.all(
          [1, 2].map(() => BuiltServer.on(database.url, { NODE_ENV: 'development' })),
        );
        await Promise.all([first?.start(), second?.start()]);
        const [{ products, names }] = (await database.query(
          'SELECT count(*)::int AS products, count(DISTINCT name)::int AS names FROM products',
        )) as [{ products: number; names: number }];
        expect(products).toBeGreaterThan(0);
        expect(products).toBe(names);
        await Promise.all([first?.close(), second?.close()]);
        const verdict = await inspect(database);
        if (n === tries - 1) report({ fault: 'two migrate at once', tries: 2 * tries, verdict });
        expectWhole(verdict);
      });
    }
  });
});
