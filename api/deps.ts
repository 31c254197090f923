import type { BalanceCache } from '../cache/balances.ts';
import type { RateLimiter } from '../cache/rate-limiter.ts';
import type { Env } from '../config/env.ts';
import type { Log } from '../config/log.ts';
import type { Uuid } from '../domain/ids.ts';
import type { WebhookUrlRules } from '../domain/webhook-url.ts';
import type { Reader } from '../drizzle/client.ts';
import type { Linked } from '../storage/folder/links.ts';
import type { ObjectStore } from '../storage/port.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import type { Faults } from '../telemetry/faults.ts';
import type { Parts } from '../telemetry/health.ts';
import type { AccessLog } from './access-log/access-log.ts';
import type { AccountCache } from './accounts/account-cache.ts';
import type { KeyUse } from './api-keys/key-use.ts';
import type { FeedNews } from './events/feed-news.ts';
import type { ExportSlots } from './exports/slots.ts';
import type { AddressPlaces } from './http/address-places.ts';
import type { ClientVersions } from './http/ledger-token.ts';
import type { LedgerVerbs } from './ledger-verbs.ts';
import type { Metrics } from './metrics.ts';
import type { Intake } from './transfers/intake.ts';

/** Where files are kept. `readLink`: what the token of a link of ours leads to; null where the store serves its links itself. */
export type Storage = { store: ObjectStore; readLink: ((token: string) => Promise<Linked | null>) | null };

/** What the operations work with, made in `main.ts`. */
export type Deps = {
  ledger: LedgerVerbs;
  reader: Reader;
  /** Reads that may lag, for a client that knows these versions; null where there is no standby. */
  lagging: ((versions: ClientVersions) => Reader) | null;
  balances: BalanceCache;
  accountCache: AccountCache;
  limiter: RateLimiter;
  keyUse: KeyUse;
  accessLog: AccessLog;
  intake: Intake;
  feedNews: FeedNews;
  exportSlots: ExportSlots;
  /** Places for files of statements that are made when they are downloaded. */
  fileSlots: ExportSlots;
  storage: Storage | null;
  /** Lets what is due to an endpoint be sent now. Returns at once and never throws: the sweep finds a lost wake. */
  wakeDelivery: (endpointId: Uuid) => void;
  /** Lets the statements that a tenant asked for be made now. Likewise: the schedule finds what was lost. */
  makeStatements: (tenantId: Uuid) => void;
  /** Lets a run of statements that there is look at its pace again. Likewise. */
  lookAtRun: (tenantId: Uuid, month: string) => void;
  parts: Parts;
  temporal: Env['temporal'];
  /** The address at which clients reach us: links begin with it. */
  publicUrl: string;
  /** Where notices may go. */
  webhookUrls: WebhookUrlRules;
  /** The networks of declared proxies: who is believed about where a request came from. */
  trustedProxies: readonly string[];
  /** Places for the requests of each client behind them. */
  proxiedPlaces: AddressPlaces;
  /** The origins whose pages may call the API. */
  corsOrigins: readonly string[];
  /** Whether `/docs` is served. */
  hasDocs: boolean;
  metrics: Metrics;
  log: Log;
  alarms: Alarms;
  faults: Faults;
  /** How far the database's clock is ahead of this process's, in milliseconds, as last measured. */
  clockMs: () => number;
};
