import type { BalanceCache } from '../cache/balances.ts';
import type { RateLimiter } from '../cache/rate-limiter.ts';
import type { Env } from '../config/env.ts';
import type { Log } from '../config/log.ts';
import type { Outcome } from '../domain/result.ts';
import type { Reader } from '../drizzle/client.ts';
import type { KeyOwner, NewApiKey } from '../ledger/access/api-keys.ts';
import type { MakeOutcome } from '../ledger/access/idempotency-key.ts';
import type { AccountChange } from '../ledger/accounts/change.ts';
import type { NewAccount } from '../ledger/accounts/open.ts';
import type { EndpointChange, NewEndpoint } from '../ledger/notices/webhook-endpoints.ts';
import type { KnownAccounts } from './accounts/known.ts';
import type { Metrics } from './platform/metrics.ts';
import type { Intake } from './transfers/intake.ts';

/** The verbs of the ledger that need no workflow, bound to the API's pool. Their contracts stand beside them in `ledger/`. */
export type Book = {
  openAccount(account: NewAccount): Promise<MakeOutcome>;
  changeAccount(change: AccountChange): Promise<Outcome<null>>;
  createApiKey(key: NewApiKey): Promise<MakeOutcome>;
  revokeApiKey(key: Owned): Promise<boolean>;
  authenticate(secret: string): Promise<KeyOwner | null>;
  createEndpoint(endpoint: NewEndpoint): Promise<MakeOutcome | { result: 'limit' }>;
  changeEndpoint(change: EndpointChange): Promise<boolean>;
  deleteEndpoint(endpoint: Owned): Promise<boolean>;
};

type Owned = { id: string; tenantId: string; actor: string };

/** Whether a part of the platform answers. Throws when it does not. */
export type Probe = () => Promise<unknown>;

/** What the endpoints work with, made in `main.ts`. */
export type Deps = {
  book: Book;
  reader: Reader;
  balances: BalanceCache;
  knownAccounts: KnownAccounts;
  limiter: RateLimiter;
  intake: Intake;
  /** `isCacheUp` is null when the platform runs without one. */
  probes: { database: Probe; temporal: Probe; isCacheUp: (() => boolean) | null };
  temporal: Env['temporal'];
  allowPrivateNotices: boolean;
  metrics: Metrics;
  log: Log;
};
