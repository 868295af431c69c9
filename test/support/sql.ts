import { Client } from 'pg';

/** The connection string of another database of the same server. */
export function databaseUrl(admin: string, name: string): string {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}

export async function execute(url: string, sql: string): Promise<void> {
  await queryColumn(url, sql);
}

/** The first column of what the statement returns. */
export async function queryColumn(url: string, sql: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array' });
    return rows.map(([value = '']) => value);
  } finally {
    await client.end();
  }
}
