import type { BalanceCache } from '../cache/balances.ts';
import type { RateLimiter } from '../cache/rate-limiter.ts';
import type { Env } from '../config/env.ts';
import type { Log } from '../config/log.ts';
import type { WebhookUrlRules } from '../domain/webhook-url.ts';
import type { Reader } from '../drizzle/client.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import type { Faults } from '../telemetry/faults.ts';
import type { Parts } from '../telemetry/health.ts';
import type { AccountCache } from './accounts/account-cache.ts';
import type { LedgerVerbs } from './ledger-verbs.ts';
import type { Metrics } from './metrics.ts';
import type { Intake } from './transfers/intake.ts';

/** What the operations work with, made in `main.ts`. */
export type Deps = {
  ledger: LedgerVerbs;
  reader: Reader;
  balances: BalanceCache;
  accountCache: AccountCache;
  limiter: RateLimiter;
  intake: Intake;
  parts: Parts;
  temporal: Env['temporal'];
  /** Where notices may go. */
  webhookUrls: WebhookUrlRules;
  /** Whether `/docs` is served. */
  hasDocs: boolean;
  metrics: Metrics;
  log: Log;
  alarms: Alarms;
  faults: Faults;
  /** How far the database's clock is ahead of this process's, in milliseconds, as last measured. */
  clockMs: () => number;
};
