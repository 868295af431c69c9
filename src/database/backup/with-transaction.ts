import { Client } from 'pg';

/** As long as other commands wait for somebody's lock. */
const LOCK_TIMEOUT_MS = 10_000;

/** Runs `work` on a connection of its own, in one transaction that begins with this statement. */
export async function withTransaction<T>(
  url: string,
  begin: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'cartwright backup',
    lock_timeout: LOCK_TIMEOUT_MS,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
  });
  // A connection that is lost fails the statement, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    // What was not committed is undone with the connection.
    await client.end().catch(() => undefined);
  }
}
