/** What went wrong, in terms of the shop. The filter maps each kind to its HTTP status. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'invalid'
  | 'unavailable'
  | 'limited';

/** The codes that a domain error may carry, each with its kind. They are part of the HTTP contract: never rename one. */
export const ERROR_KINDS = {
  malformed_json: 'malformed',
  malformed_id: 'malformed',
  malformed_request: 'malformed',
  unauthenticated: 'unauthenticated',
  invalid_credentials: 'unauthenticated',
  token_expired: 'unauthenticated',
  token_revoked: 'unauthenticated',
  refresh_token_reused: 'unauthenticated',
  invalid_token: 'unauthenticated',
  forbidden: 'forbidden',
  not_found: 'not-found',
  email_taken: 'conflict',
  username_taken: 'conflict',
  slug_taken: 'conflict',
  sku_taken: 'conflict',
  code_taken: 'conflict',
  category_in_use: 'conflict',
  category_cycle: 'conflict',
  insufficient_stock: 'conflict',
  product_unavailable: 'conflict',
  cart_empty: 'conflict',
  cart_full: 'conflict',
  currency_mismatch: 'conflict',
  price_changed: 'conflict',
  coupon_exhausted: 'conflict',
  illegal_transition: 'conflict',
  last_admin: 'conflict',
  self_delete: 'conflict',
  idempotency_in_progress: 'conflict',
  events_expired: 'conflict',
  too_many_webhooks: 'conflict',
  webhook_inactive: 'conflict',
  version_mismatch: 'stale',
  validation_failed: 'invalid',
  idempotency_key_reused: 'invalid',
  coupon_not_found: 'invalid',
  coupon_inactive: 'invalid',
  coupon_not_started: 'invalid',
  coupon_expired: 'invalid',
  coupon_min_purchase: 'invalid',
  coupon_currency: 'invalid',
  too_many_requests: 'limited',
  service_unavailable: 'unavailable',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;
