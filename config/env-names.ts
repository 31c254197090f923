/**
 * The name of every setting our programs read, in the order of `.env.example`. Infrastructure and compose files must give
 * each of them a value or leave it to its default; a rules test compares this list with the schema in `env.ts`.
 */
export const envNames = [
  'NODE_ENV',
  'LOG_LEVEL',
  'DATABASE_URL',
  'REDIS_URL',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_UI_URL',
  'API_HOST',
  'API_PORT',
  'API_METRICS_PORT',
  'WORKER_METRICS_PORT',
  'WORKER_ROLES',
  'RAIL_INSTANT_URL',
  'RAIL_INSTANT_REQUEST_TIMEOUT_MS',
  'RAIL_INSTANT_LEASE_MARGIN_MS',
  'RAIL_INSTANT_QUIET_MS',
  'RAIL_INSTANT_RETRY_MS',
  'RAIL_INSTANT_INQUIRY_WAITS_MS',
  'RAIL_INSTANT_BREAKER_OPEN_MS',
  'WATCH_GRACE_MS',
  'WATCH_EVERY_MS',
  'NOTICES_ALLOW_PRIVATE',
  'SHUTDOWN_GRACE_MS',
] as const;

export type EnvName = (typeof envNames)[number];
