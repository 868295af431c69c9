/** What may be done with a table, or with some of its columns. */
type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | `UPDATE (${string})`;

const READ = ['SELECT'] as const;
/** What was written stays as it is. */
const APPEND = ['SELECT', 'INSERT'] as const;
const CHANGE = ['SELECT', 'INSERT', 'UPDATE'] as const;
const ALL = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/**
 * What the database role of the API and the worker may do with each table. Nothing else is granted, and a table that is
 * not here fails a test. What the code does not need any more goes one release later: until then the old code runs.
 */
export const API_PRIVILEGES: Readonly<Record<string, readonly Privilege[]>> = {
  users: CHANGE,
  user_addresses: ALL,
  mail_tokens: ALL,
  sessions: ALL,
  // They go with their session, by its foreign key.
  refresh_tokens: [...APPEND, 'UPDATE (used_at)'],
  categories: ALL,
  products: CHANGE,
  product_images: ALL,
  stock_movements: APPEND,
  search_words: APPEND,
  coupons: CHANGE,
  coupon_redemptions: [...APPEND, 'UPDATE (cancelled_at)'],
  carts: ALL,
  cart_items: ALL,
  // Neither amounts nor whose it is.
  orders: [
    ...APPEND,
    'UPDATE (status, payment_status, tracking_number, note, customer_email, shipping_address, billing_address)',
    'UPDATE (version, updated_at, deleted_at)',
  ],
  order_items: APPEND,
  // An erased customer's words go.
  order_events: [...APPEND, 'UPDATE (note)'],
  idempotency_records: ALL,
  cache_generations: CHANGE,
  // What happened stays, until it is old; how it was handed on changes.
  events: [
    ...APPEND,
    'DELETE',
    'UPDATE (position, dispatched_at, failures, last_error, retry_at, parked_at)',
  ],
  event_counters: ['SELECT', 'UPDATE (last)'],
  webhooks: CHANGE,
  webhook_deliveries: ALL,
  audit_entries: APPEND,
  migrations: READ,
  'graphile_worker._private_jobs': ALL,
  'graphile_worker._private_job_queues': ALL,
  'graphile_worker._private_tasks': APPEND,
  'graphile_worker._private_known_crontabs': CHANGE,
  'graphile_worker.jobs': READ,
  'graphile_worker.migrations': READ,
};

/** The tables whose statistics an import renews, where PostgreSQL has a privilege for it (17 or newer). */
export const ANALYZED_TABLES = ['products', 'search_words'];

/** The tables that tell what happened: a role that may change them could hide what it did. */
export const HISTORY_TABLES = ['stock_movements', 'audit_entries'];
