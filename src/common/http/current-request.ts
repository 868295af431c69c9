import { AsyncLocalStorage } from 'node:async_hooks';
import type { AppRequest } from './app-request';

/**
 * The request that is being answered: its id stands in every log line that comes of it, and its user in the audit log.
 * The user is known once the guards have let the request in.
 */
export const currentRequest = new AsyncLocalStorage<
  Pick<AppRequest, 'id' | 'user' | 'generation' | 'method' | 'res'>
>();
