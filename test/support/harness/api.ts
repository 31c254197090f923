import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type pg from 'pg';
import pino from 'pino';
import { request } from 'undici';
import { createAccessLog } from '../../../api/access-log/access-log.ts';
import { createAccountCache } from '../../../api/accounts/account-cache.ts';
import { createKeyUse } from '../../../api/api-keys/key-use.ts';
import { createApp } from '../../../api/app.ts';
import type { Deps } from '../../../api/deps.ts';
import { createFeedNews } from '../../../api/events/feed-news.ts';
import { createExportSlots } from '../../../api/exports/slots.ts';
import { createAddressPlaces, requestsPerAddressMax } from '../../../api/http/address-places.ts';
import type { Route } from '../../../api/http/operation.ts';
import { createHttpServer } from '../../../api/http/server.ts';
import { bindLedgerVerbs } from '../../../api/ledger-verbs.ts';
import { createMetrics } from '../../../api/metrics.ts';
import { routes } from '../../../api/routes.ts';
import { createIntake, type StartGroup } from '../../../api/transfers/intake.ts';
import { createBalanceCache } from '../../../cache/balances.ts';
import { createRateLimiter } from '../../../cache/rate-limiter.ts';
import { readEnv } from '../../../config/env.ts';
import { secret } from '../../../config/secret.ts';
import { check } from '../../../domain/check.ts';
import { type Scope, tenantScopes } from '../../../domain/scope.ts';
import { createPool, createReader, databaseState } from '../../../drizzle/client.ts';
import { readCacheKey } from '../../../ledger/access/seal.ts';
import { feedsWithNews } from '../../../ledger/feed/feeds-with-news.ts';
import type { Ledger } from '../../../ledger/index.ts';
import { linkReader } from '../../../storage/open.ts';
import { createAlarms } from '../../../telemetry/alarms/alarms.ts';
import { createFaults } from '../../../telemetry/faults.ts';
import { type Accounts, createAccounts, type Pools, patience } from '../fixtures/accounts.ts';
import { anApiKey, type KeyOptions } from '../fixtures/api-key.ts';
import { freshLedger, type TestLedger, type TestLedgerOptions } from '../fixtures/ledger.ts';
import { storeAt, testStorageUrl } from './storage.ts';

/** What came back: the JSON as it is, and its very bytes. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects.
export type Reply = { status: number; headers: Record<string, string | undefined>; body: any; text: string };

export type Call = (
  path: string,
  options?: { method?: string; body?: unknown; key?: string; headers?: Record<string, string>; secret?: string | null },
) => Promise<Reply>;

/** The API on a free port of this process, over a test's database. */
export type Api = {
  url: string;
  port: number;
  /** What listens there, for tests that shorten its patience. */
  server: Server;
  /** Stops it as SIGTERM does. */
  close(): Promise<void>;
  /** Calls with a key that has every scope of the tenant, unless another secret is given. */
  call: Call;
  keyWith(options: Partial<KeyOptions>): Promise<string>;
  end(): Promise<void>;
};

/** An API over a ledger of its own, the accounts of one tenant, and a way to start more APIs over the same ledger. */
export type OpenApi = TestLedger & { accounts: Accounts; api: Api; another(more?: Partial<ApiOptions>): Promise<Api> };

/**
 * An API for the tests of a file, over a ledger that is made for it, with one tenant's accounts. To be called at the top of a file;
 * its parts are filled in place, like those of {@link freshLedger}. `another` is ended with it.
 */
export function freshApi({ mayViolate = [], ...more }: TestLedgerOptions & Partial<ApiOptions> = {}): OpenApi {
  const api = {} as Api; // Filled before the first test, like the book.
  const accounts: Accounts = { tenantId: '', ada: '', grace: '', funding: '', clearing: '', suspense: '' };
  const started: Api[] = [];
  // Ended before the book is, so its hook stands before the book's.
  afterAll(async () => void (await Promise.all(started.map((one) => one.end()))));
  const book = freshLedger({ mayViolate });
  const another = async (other: Partial<ApiOptions> = {}) => {
    const { pools, ledger } = book;
    const one = await startApi({ pools, tenantId: accounts.tenantId, startGroup: straightTo(ledger), ...other });
    started.push(one);
    return one;
  };
  beforeAll(async () => {
    Object.assign(accounts, await createAccounts(book.pools, book.ledger));
    Object.assign(api, await another(more));
  });
  return { ...book, accounts, api, another };
}

type ApiOptions = {
  pools: Pools;
  tenantId: string;
  startGroup: StartGroup;
  redisUrl?: string | null;
  /** What its own key may do, where that is not every scope of the tenant. */
  scopes?: readonly Scope[];
  /** Where files are; null: nowhere. */
  storageUrl?: string | null;
  tamper?: (deps: Deps) => Deps;
  /** The routes, where a test has its own. */
  table?: readonly Route[];
  /** Those of the server that a test shortens. */
  bounds?: Parameters<typeof createHttpServer>[1];
};

/** A free port of this machine. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port;
}

/** Starts it. `startGroup` is what carries a group: {@link straightTo} a ledger, or Temporal itself. */
export async function startApi({
  pools,
  tenantId,
  startGroup,
  redisUrl = null,
  storageUrl = testStorageUrl(),
  scopes = tenantScopes,
  tamper = (deps) => deps,
  table = routes,
  bounds = {},
}: ApiOptions): Promise<Api> {
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const reads = readsOf(pools);
  const measured = measuring(log);
  const balances = createBalanceCache({ url: redisUrl, log, readMacKey: () => readCacheKey(pools.api) });
  const limiter = createRateLimiter({ url: redisUrl, log });
  const intake = createIntake({ startGroup, metrics: measured.metrics });
  const ledger = verbsOf(pools, balances);
  const deps: Deps = {
    ledger,
    reader: createReader(reads),
    balances,
    accountCache: createAccountCache({ max: 1_000 }),
    limiter,
    ...logsOf(ledger, measured),
    intake,
    feedNews: createFeedNews((readers) => feedsWithNews(pools.api, readers)),
    parts: partsOf({ pool: pools.api, cache: redisUrl === null ? null : balances.takesWrites, intake }),
    ...nobodyToWake,
    ...settings(),
    ...measured,
  };
  const used = tamper(deps);
  const { server, close } = createHttpServer(createApp(used, table), bounds);
  const port = await listen(server);
  const address = `http://127.0.0.1:${port}`;
  // Known only now; nobody has asked yet.
  Object.assign(used, { publicUrl: address, storage: storageUrl && storageOf(storageUrl, address) });
  const keyWith: Api['keyWith'] = (options) => anApiKey(pools, { tenantId, ...options });
  const own = await keyWith({ scopes });
  let ended: Promise<void> | undefined;
  return {
    url: address,
    port,
    server,
    close,
    keyWith,
    call: callOf(address, own),
    end: () => (ended ??= end()), // A test may end an API early that its file ends too.
  };

  async function end(): Promise<void> {
    deps.feedNews.end();
    deps.keyUse.end();
    server.close().closeAllConnections();
    used.storage?.store.close();
    await deps.accessLog.end();
    await Promise.all([balances.close(), limiter.close(), reads.end()]);
  }
}

/** What is noted of requests: a test that counts rows meets none that a timer wrote, and who needs them before the end asks for `writeAll`. */
const logsOf = (
  ledger: Deps['ledger'],
  measured: ReturnType<typeof measuring>,
): Pick<Deps, 'keyUse' | 'accessLog'> => ({
  keyUse: createKeyUse({ write: ledger.noteApiKeysUsed, onError: () => {} }),
  accessLog: createAccessLog({
    ...{ ledger, ...measured, clockMs: () => 0 },
    bounds: { writeEveryMs: 3_600_000, lateMs: 60_000, endMs: 0 },
  }),
});

/** The verbs of the API, all on one pool. */
const verbsOf = ({ api }: Pools, balances: Deps['balances']): Deps['ledger'] =>
  bindLedgerVerbs({ writes: api, checks: api }, async ({ balances: changed }) => balances.put(changed));

/** What a program tells of itself. */
function measuring(log: pino.Logger): Pick<Deps, 'metrics' | 'log' | 'alarms' | 'faults'> {
  const metrics = createMetrics();
  return { metrics, log, alarms: createAlarms({ log }), faults: createFaults(metrics.registry) };
}

/** Without workflows. */
const nobodyToWake = { wakeDelivery: () => {}, makeStatements: () => {}, lookAtRun: () => {} };

/** What links begin with is the address of this API. */
const storageOf = (url: string, address: string): Deps['storage'] => ({
  store: storeAt(url, {}, { linkBase: `${address}/objects` }),
  readLink: linkReader({ url: secret(url) }),
});

/** What the settings say. */
const settings = () => ({
  temporal: readEnv({ DATABASE_URL: 'postgres://unused/d' }).temporal,
  webhookUrls: { allowPrivate: true },
  trustedProxies: [],
  proxiedPlaces: createAddressPlaces(requestsPerAddressMax),
  corsOrigins: [],
  hasDocs: true,
  exportSlots: createExportSlots(),
  fileSlots: createExportSlots(2),
  storage: null,
  publicUrl: '',
  lagging: null,
  clockMs: () => 0,
});

type PartsInUse = { pool: Pools['api']; cache: Deps['parts']['cache']; intake: Deps['intake'] };

/** The parts of an API without Temporal and workers: everybody is at work. */
const partsOf = ({ pool, cache, intake }: PartsInUse): Deps['parts'] => ({
  database: () => databaseState(pool),
  temporal: async () => {},
  standby: null,
  cache,
  hasStorage: true,
  isIntakeAnswered: intake.isAnswered,
  platform: async () => ({
    ...{ workers: { groups: 'ok' }, sweep: 'ok', statements: 'ok', archive: 'ok', clock: 'ok', versions: 'ok' },
  }),
});

/** The same login as the pool that the test has, in a pool that pipelines. */
function readsOf({ api }: Pools): pg.Pool {
  const url = api.options.connectionString;
  check(url, 'a pool of the test has an address');
  return createPool({ url, max: 4, name: 'test-api-reads', role: 'quittance_api', pipeline: true, ...patience });
}

/** Calls an API with a key, unless a call gives another. */
export const callOf =
  (url: string, own: string): Call =>
  async (path, options = {}) => {
    const keySecret = options.secret === undefined ? own : options.secret;
    const answer = await request(`${url}${path}`, {
      method: (options.method ?? (options.body === undefined ? 'GET' : 'POST')) as 'GET',
      headers: {
        ...(keySecret !== null && { authorization: `Bearer ${keySecret}` }),
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...(options.key !== undefined && { 'idempotency-key': options.key }),
        ...options.headers,
      },
      ...(options.body !== undefined && {
        body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
      }),
    });
    const text = await answer.body.text();
    const headers = answer.headers as Record<string, string | undefined>;
    return {
      status: answer.statusCode,
      headers,
      text,
      body: (headers['content-type'] ?? '').includes('json') ? JSON.parse(text) : null,
    };
  };

/** Carries a group to a ledger without a workflow: for what the API does by itself. */
export const straightTo =
  (ledger: Ledger): StartGroup =>
  async (_, members) => {
    const groupId = randomUUID();
    return Promise.all(members.map((member) => ledger.reserve(groupId, member)));
  };

/** A key nobody has used. */
export const aKey = (): string => createHash('sha256').update(randomUUID()).digest('hex').slice(0, 32);
