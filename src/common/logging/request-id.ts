import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the request that is being answered, so that it stands in every log line that comes of it. */
export const currentRequestId = new AsyncLocalStorage<string>();
