import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { CachedReads } from '../src/common/cache/cached-reads';
import type { ApiClient, Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { createTestDatabase } from './support/database';
import { type ReplicatedDatabase, startReplicatedDatabase } from './support/replicated';
import { Shop } from './support/shop';
import { statementsOf } from './support/statements';

const JWT_SECRET = 'two-instances-sign-with-one-secret-0123456789';

describe('a shop with a replica of its database', () => {
  let database: ReplicatedDatabase;
  let shop: Shop;
  let other: TestApp;
  let category: Json;
  let blanket: Json;

  beforeAll(async () => {
    database = await startReplicatedDatabase();
    const settings = { JWT_SECRET, DATABASE_REPLICA_URLS: database.proxy.url };
    shop = await Shop.open({ settings, databaseUrl: database.url });
    other = await startTestApp({ settings, databaseUrl: database.url });
    category = await shop.category({ name: 'Textiles' });
    blanket = await shop.product({ name: 'Linen blanket', categoryId: category.id });
  });

  afterAll(async () => {
    await other.close();
    await shop.close();
    await database.close();
  });

  /** What the primary is asked for a read that is in no cache. */
  async function askedOfPrimary(path: string, api: ApiClient = shop.api): Promise<string[]> {
    await shop.test.app.get<Cache>(CACHE_MANAGER).clear();
    shop.test.app.get<{ known: Map<string, unknown> }>(CachedReads).known.clear();
    return statementsOf(shop, () => api.get(path));
  }

  /** Only how new the answer must be. */
  async function isLeftToReplica(path: string): Promise<boolean> {
    const statements = await askedOfPrimary(path);
    return statements.length === 1 && statements.every((sql) => sql.includes('FROM cache_generations'));
  }

  const useReplica = (): Promise<void> => eventually(() => isLeftToReplica('/products'));

  async function events(): Promise<unknown[]> {
    return shop.test.logs.map(({ event }) => event).filter((event) => String(event).startsWith('replica_'));
  }

  /** Every change on one instance is in the very next read of both, in lists and one by one. */
  async function expectTruth(edits: number): Promise<void> {
    const instances = [shop.api, other.api];
    for (let edit = 1; edit <= edits; edit++) {
      const [writer = shop.api] = edit % 2 ? instances : [...instances].reverse();
      const name = `Linen blanket ${edit}`;
      const body = { name, price: edit };
      expect((await writer.as(shop.editor.accessToken).patch(`/products/${blanket.id}`, body)).status).toBe(
        200,
      );
      for (const api of instances) {
        expect((await api.get(`/products/${blanket.id}`)).body).toMatchObject(body);
        expect((await api.get('/products?q=linen')).body.data[0]).toMatchObject(body);
      }
    }
  }

  it('reads the public catalogue from the replica', async () => {
    await useReplica();
    for (const path of [
      '/products?limit=5',
      '/products?cursor=',
      '/products?q=blnket',
      `/products?category=${category.id}&sort=price`,
      '/products/featured',
      '/products/suggest?q=lin',
      '/products/facets?category=textiles',
      `/products/${blanket.id}`,
      `/products/${blanket.slug}`,
      '/categories',
      '/categories?cursor=&q=tex',
      '/categories/tree',
      `/categories/${category.slug}`,
    ]) {
      // On a slow machine it may answer too late for a while.
      await eventually(() => isLeftToReplica(path));
    }
  });

  it('says of what is not there that it is not, without asking again', async () => {
    await useReplica();
    const asked = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
    await eventually(async () => {
      asked.mockClear();
      expect((await shop.api.get('/products/nothing-of-that-name')).status).toBe(404);
      return asked.mock.calls.length === 1;
    });
    asked.mockRestore();
  });

  it('reads for staff, and what belongs to somebody, from the primary', async () => {
    await useReplica();
    const ann = await shop.customer();
    for (const [path, api] of [
      ['/products', shop.editor.api],
      [`/products/${blanket.id}`, shop.editor.api],
      ['/categories/tree', shop.editor.api],
      ['/cart', ann.api],
      ['/orders', ann.api],
      ['/users/me/addresses', ann.api],
    ] as const) {
      expect((await askedOfPrimary(path, api)).length).toBeGreaterThan(1);
    }
  });

  it('shows each change to the next read, on every instance', async () => {
    await useReplica();
    await expectTruth(10);
  });

  it('shows each change to the next read while the replica is behind, and goes back to it when it has caught up', async () => {
    await useReplica();
    await database.pauseReplay();
    await expectTruth(6);
    expect(await isLeftToReplica('/products')).toBe(false);
    const { name } = await shop.product({ name: 'Wool blanket' });
    expect((await other.api.get('/products?q=wool')).body.data).toMatchObject([{ name }]);
    await database.resumeReplay();
    await useReplica();
    expect((await shop.api.get('/products?q=wool')).body.data).toMatchObject([{ name }]);
  });

  it('does not wait for changes of what no catalogue shows', async () => {
    await useReplica();
    await database.pauseReplay();
    await shop.customer();
    expect(await isLeftToReplica('/products')).toBe(true);
    await database.resumeReplay();
  });

  it('fails no request when the replica stops, and takes it back when it is there again', async () => {
    await useReplica();
    const reading = new AbortController();
    const statuses: number[] = [];
    const readers = [shop, { api: other.api }].map(async ({ api }) => {
      for (let n = 0; !reading.signal.aborted; n++)
        statuses.push((await api.get(`/products?minPrice=0.${n % 100}`)).status);
    });
    await database.stopReplica();
    await expectTruth(6);
    await eventually(async () => (await events()).at(-1) === 'replica_lost');
    await database.startReplica();
    await useReplica();
    await expectTruth(6);
    reading.abort();
    await Promise.all(readers);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await events()).slice(-2)).toEqual(['replica_lost', 'replica_joined']);
  });

  it('fails no request when the replica falls silent', async () => {
    await useReplica();
    database.proxy.delayMs = Infinity;
    await expectTruth(4);
    expect(await isLeftToReplica('/products')).toBe(false);
    database.proxy.delayMs = 0;
    await useReplica();
  });

  it('starts without the replica, and leaves a database alone that is none of its own', async () => {
    const stranger = await createTestDatabase({ hasLooseRows: true });
    const nobody = 'postgres://shop:word@127.0.0.1:1/shop';
    const settings = { JWT_SECRET, DATABASE_REPLICA_URLS: `${nobody}, ${stranger.url}` };
    const test = await startTestApp({ settings, databaseUrl: database.url });
    const lost = () => test.logs.filter(({ event }) => event === 'replica_lost');
    await eventually(async () => {
      expect((await test.api.get(`/products?minPrice=0.0${lost().length}`)).status).toBe(200);
      return lost().length === 2;
    });
    expect(JSON.stringify(lost())).toContain('no replica of the database in use');
    expect(JSON.stringify(lost())).not.toContain('word');
    await test.close();
    await stranger.drop();
  });
});
