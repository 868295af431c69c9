import { Draining } from '../src/common/http/draining';
import { startTestApp, type TestApp } from './support/app';
import { createTestDatabase } from './support/database';
import { SlowProxy } from './support/slow-proxy';

describe('health', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp();
  });

  afterAll(() => test.close());

  it('says that the process lives', async () => {
    const { status, body } = await test.api.get('//health');
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ok' });
  });

  it('is ready with its database, and says that Redis is not in use', async () => {
    const { status, body } = await test.api.get('//health/ready');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      database: { status: 'up', ms: expect.any(Number) },
      redis: { status: 'disabled', ms: null },
      migrations: { status: 'up', ms: expect.any(Number) },
    });
  });

  it('is not ready while a migration is missing', async () => {
    const rows = await test.owner.query(`DELETE FROM migrations RETURNING name, timestamp`);
    const { status, body } = await test.api.get('//health/ready');
    expect(status).toBe(503);
    expect(body.migrations.status).toBe('pending');
    const [{ name, timestamp }] = rows[0];
    await test.owner.query('INSERT INTO migrations (name, timestamp) VALUES ($1, $2)', [name, timestamp]);
  });

  it('is not ready while it shuts down, and asks clients to reconnect elsewhere', async () => {
    test.app.get(Draining).begin();
    const { status, headers } = await test.api.get('//health/ready');
    expect(status).toBe(503);
    expect(headers.get('connection')).toBe('close');
  });
});

describe('an instance whose database is out of reach for a moment while it starts', () => {
  it('starts', async () => {
    const database = await createTestDatabase();
    const proxy = await SlowProxy.before(database.apiUrl);
    proxy.leadTo('postgres://127.0.0.1:1');
    const starting = startTestApp({ databaseUrl: proxy.url });
    setTimeout(() => proxy.leadTo(database.apiUrl), 700);
    const test = await starting;
    expect(
      test.logs.map(({ msg }) => String(msg)).filter((msg) => msg.includes('Retrying (1)')),
    ).toHaveLength(1);
    expect((await test.api.get('//health/ready')).status).toBe(200);
    await test.close();
    proxy.close();
    await database.drop();
  });
});
