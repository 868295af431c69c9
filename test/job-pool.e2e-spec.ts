import { JobPool } from '../src/common/jobs/job-pool';
import { createTestDatabase, type TestDatabase } from './support/database';

describe('the connections of the jobs', () => {
  let database: TestDatabase;
  let pool: JobPool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new JobPool({ connectionString: database.url, max: 1 });
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('may be handed back twice, and are there for the next one', async () => {
    await new Promise<void>((resolve) =>
      pool.connect((_, __, release) => {
        release();
        release();
        resolve();
      }),
    );
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(pool.totalCount).toBe(1);
  });
});
