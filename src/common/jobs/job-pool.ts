import { Pool, type PoolClient } from 'pg';

type Release = (error?: Error | boolean) => void;
type Taken = (error: Error | undefined, client: PoolClient | undefined, release: Release) => void;

/**
 * A pool that takes a connection back a second time without a word. graphile-worker does that when its listener
 * breaks while it stops, in a promise that nobody awaits: what pg throws then would end the process.
 */
export class JobPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(taken: Taken): void;
  override connect(taken?: Taken): Promise<PoolClient> | void {
    if (!taken) return super.connect();
    super.connect((error, client, release) => taken(error, client, once(release)));
  }
}

function once(release: Release): Release {
  let isReleased = false;
  return (error) => {
    if (!isReleased) release(error);
    isReleased = true;
  };
}
