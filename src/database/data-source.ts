import { DataSource, type EntityManager } from 'typeorm';
import { dataSourceOptions } from './data-source-options';

/** Runs `work` with connections of its own and closes them: for migrations, seeds and imports. */
export async function withDataSource<T>(
  url: string,
  work: (dataSource: DataSource) => Promise<T>,
  use: 'command' | 'migration' | 'check' = 'command',
  migrations?: readonly string[],
): Promise<T> {
  const options = dataSourceOptions({ url, poolSize: 2, use, migrations });
  const dataSource = await new DataSource(options).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Whether the shop has no users yet: a database that was never seeded. */
export async function isEmpty(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.query<{ found: boolean }[]>('SELECT EXISTS (SELECT FROM users) AS found');
  return row?.found === false;
}
