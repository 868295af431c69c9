import type { EntityManager } from 'typeorm';
import { JOB_CONNECTIONS } from '../common/jobs/job-connections';
import type { Env } from '../config/env';

/** Besides its pool each process hears of notifications. */
const LISTENERS = 1;

/**
 * Says when the processes of this machine may ask for more connections than the connected role gets: what is refused is
 * a 503 to somebody, and only under load.
 * @returns null when all of them fit
 */
export async function shortageOfConnections(
  env: Pick<Env, 'DATABASE_POOL_SIZE' | 'JOBS'>,
  processes: number,
  connection: Pick<EntityManager, 'query'>,
): Promise<string | null> {
  const wanted = processes * (env.DATABASE_POOL_SIZE + LISTENERS) + (env.JOBS ? JOB_CONNECTIONS : 0);
  const [row] = await connection.query<{ allowed: number }[]>(
    `SELECT least(
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0),
       (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
       (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user)) AS allowed`,
  );
  const allowed = row?.allowed ?? Infinity;
  if (wanted <= allowed) return null;
  return `${processes} process(es) may ask for ${wanted} connections, and PostgreSQL allows ${allowed}: lower DATABASE_POOL_SIZE or WORKERS, or raise max_connections`;
}
