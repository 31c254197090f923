import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  type WorkerInterceptors,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import pino from 'pino';
import { type ActivityDeps, createActivities } from '../../../activities/index.ts';
import { noticeTerms } from '../../../activities/notices/terms.ts';
import { createWaker } from '../../../activities/notices/wake-deliveries.ts';
import { type StatementTerms, statementTerms } from '../../../activities/statements/terms.ts';
import { intakeLimits } from '../../../api/transfers/intake.ts';
import { createStartGroup } from '../../../api/transfers/start-group.ts';
import { secret } from '../../../config/secret.ts';
import type { WorkerRole } from '../../../config/variables.ts';
import { check } from '../../../domain/check.ts';
import type { RailName, RailTerms } from '../../../domain/rail.ts';
import type { TransferRequest } from '../../../domain/transfer.ts';
import { openDataConverter } from '../../../encryption/data-converter.ts';
import { newPayloadKey } from '../../../encryption/key-file.ts';
import type { Ledger } from '../../../ledger/index.ts';
import { newArchiveKey } from '../../../operator/archive-key.ts';
import { createRails } from '../../../rails/index.ts';
import { createAlarms } from '../../../telemetry/alarms/alarms.ts';
import { createArchiveTools } from '../../../worker/archive-tools.ts';
import { workflowBundle } from '../../../worker/bundle.ts';
import { provision } from '../../../worker/provision.ts';
import { setTermsOfRails } from '../../../worker/register-rails.ts';
import { createWorkers } from '../../../worker/roles.ts';
import { createStatementTools } from '../../../worker/statement-tools.ts';
import { alarmSteps } from '../../../worker/step-alarms.ts';
import type { ReserveAnswer } from '../../../workflows/contract/messages.ts';
import type { WorkerVersion } from '../../../workflows/contract/versioning.ts';
import { defaultWaits, type Waits } from '../../../workflows/contract/waits.ts';
import { type Accounts, createAccounts, ledgerOf, type Pools, poolsOf } from '../fixtures/accounts.ts';
import { freshDatabase } from '../fixtures/database.ts';
import { type Bank, startBank } from './bank.ts';
import { inTime } from './in-time.ts';
import { storageUrls, testStorageUrl } from './storage.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from './temporal.ts';

/** Waits of milliseconds, so that a test sees what takes minutes. Bounds of our own work are longer on a busy machine. */
export const shortWaits: Waits = {
  ...defaultWaits,
  localReserveMs: inTime(1_000),
  ledgerStepMs: inTime(4_000),
  submitQueueMs: inTime(10_000),
  // Longer than a lease of `shortTerms`, as in production: else the step that waits for the end of one ends before it.
  submitBudgetMs: inTime(3_000),
  submitMaxMs: inTime(8_000),
  inquireMaxMs: inTime(4_000),
  heartbeatMs: inTime(2_000),
  retryFirstMs: 20,
  retryMaxMs: 200,
  dispatchIdleMs: 50,
  dispatchRunMs: inTime(2_000),
  handoverMs: inTime(2_000),
  overdueGraceMs: 300,
  sweepEveryMs: 3_000,
  deliveryPauseFirstMs: 100,
  deliveryPauseMaxMs: 400,
  deliveryLingerMs: 200,
  statementsBudgetMs: 2_000,
  statementsMaxMs: inTime(30_000),
  statementsLeaseMs: inTime(4_000),
  statementsWaitMaxMs: 500,
};

/** Terms of a rail that is asked again in milliseconds. The bank remembers keys for a day, as it really does. */
export const shortTerms: Partial<RailTerms> = {
  requestTimeoutMs: inTime(500),
  leaseMarginMs: inTime(300),
  quietPeriodMs: 100,
  inquiryWaitsMs: [50, 100, 200],
  giveUpMs: inTime(1_000),
  retryMs: 50,
  breakerOpenMs: 300,
};

/** The whole path on real servers, in a namespace and a database of its own: Postgres, Temporal, the bank, a worker of every role. */
export type Platform = {
  client: Client;
  pools: Pools;
  ledger: Ledger;
  accounts: Accounts;
  waits: Waits;
  bank: Bank;
  /** Sends a group as the API does, and returns what its clients are answered. */
  accept(rail: RailName, members: TransferRequest[]): Promise<ReserveAnswer[]>;
  /** Waits until these transfers (or all that there are) wait for nothing. Throws what is left when that takes too long. */
  settled(ids?: string[]): Promise<void>;
  /** Waits until an SQL condition holds for these transfers. */
  until(condition: string, ids: string[], maxMs?: number): Promise<void>;
  /** Starts workers of more roles. What it resolves with stops them, as SIGTERM does. */
  serve(roles: WorkerRole[], release?: Release): Promise<() => Promise<void>>;
  end(): Promise<void>;
};

/** Soon at first. The long ones after it are never waited for: an endpoint that takes nothing in their sum is disabled. */
const shortRetries = [50, 100, 60_000, 600_000];
const untilMaxMs = inTime(40_000);
const isFinal = `state not in ('scheduled', 'submitting', 'unknown')`;

/** A build of the workers: its version, null for none, and its workflows; those of this tree when nothing is said. */
export type Release = { version: WorkerVersion | null; bundle?: WorkflowBundleOption };

/** `roles`: who is there, all when nothing is said. `interceptors` stand between Temporal and the steps; `tamper` replaces what the steps work with. */
export type PlatformOptions = {
  roles?: WorkerRole[];
  /** Those that differ from `shortWaits`. */
  waits?: Partial<Waits>;
  terms?: Partial<RailTerms>;
  interceptors?: WorkerInterceptors;
  /** Where statements are kept: where all tests keep them when nothing is said, and nowhere when it is null. */
  storageUrl?: string | null;
  /** Whether what Temporal stores is encrypted, with a key of this platform's own. It is when nothing is said. */
  isEncrypted?: boolean;
  tamper?: (deps: ActivityDeps) => ActivityDeps;
  /** Where Temporal answers: that of all tests when nothing is said. */
  temporal?: string;
  /** Of the workers that are there at first. */
  release?: Release;
};

// Before any connection, and once: the core's own lines are for operators.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

/** Starts it, in about a second once the bundle is there. What was started is ended again when a part of it fails. */
export async function startInProcess(options: PlatformOptions = {}): Promise<Platform> {
  const started = new AsyncDisposableStack();
  try {
    return await startAll(options, started);
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function startAll(options: PlatformOptions, started: AsyncDisposableStack): Promise<Platform> {
  const { terms = shortTerms, tamper = (deps) => deps } = options;
  const waits = { ...shortWaits, ...options.waits };
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const parts = [
    freshDatabase().then((it) => started.adopt(it, ({ drop }) => drop())),
    startBank().then((it) => started.adopt(it, ({ end }) => end())),
    connect(started, options),
  ] as const;
  // All of them first, so that nothing comes up after everything was ended.
  await Promise.allSettled(parts);
  const [database, bank, { client, connection }] = await Promise.all(parts);
  const pools = started.adopt(poolsOf(database), ({ end }) => end());
  const waker = started.adopt(createWaker({ client, log, waits }), ({ close }) => close());
  const ledger = ledgerOf(pools, async ({ endpoints }) => waker.wake(endpoints));
  const rails = createRails({ instant: { settings: { url: `${bank.url}/instant` }, terms } });
  await setTermsOfRails(ledger, Object.values(rails), log);
  const notices = { allowPrivate: true, logDays: 30, terms: { ...noticeTerms, retryMs: shortRetries } };
  const { storageUrl = testStorageUrl() } = options;
  const statements = { ...statementTools(storageUrl, started), pool: pools.worker };
  const archive = { ...archiveTools(started), pool: pools.worker };
  const alarms = createAlarms({ log });
  const shared = { ledger, client, waker, log, alarms, waits, pool: pools.worker, rails };
  const deps = { ...shared, notices, statements, archive };
  const serve = async (roles: WorkerRole[] = ['all'], release = options.release) => {
    const served = { ...options, roles, ...(release && { release }) };
    const stop = await startWorkers(connection, (stopping) => tamper({ ...deps, stopping }), served);
    started.defer(stop);
    return stop;
  };
  await serve(options.roles);
  const accounts = await createAccounts(pools, ledger);
  const start = createStartGroup({ client, log, waits, answerMs: inTime(intakeLimits.answerMs) });
  return {
    ...{ client, pools, ledger, waits, bank, serve, accounts },
    accept: (rail, members) => start(rail, members),
    settled: (ids) => until(pools, { condition: isFinal, ids: ids ?? null, maxMs: untilMaxMs }),
    until: (condition, ids, maxMs = untilMaxMs) => until(pools, { condition, ids, maxMs }),
    end: () => started.disposeAsync(),
  };
}

/** Waits of milliseconds, and one thread that renders. */
function statementTools(url: string | null, started: AsyncDisposableStack) {
  const storage = storageAt(url);
  const tools = createStatementTools({ storage, threads: 1, linkBase: 'http://127.0.0.1:1/objects' });
  return { ...started.adopt(tools, ({ close }) => close()), terms: shortStatementTerms };
}

/** A folder and a key of this platform's own: what is in an archive is of one history. */
function archiveTools(started: AsyncDisposableStack) {
  const { folder, removeFolder } = storageUrls();
  started.defer(removeFolder);
  const keys = secret(newArchiveKey());
  const copy = { url: null, region: 'us-east-1', bucketPrefix: 'quittance', owner: null };
  const archive = { keys, kmsKeys: [], keyName: 'test', origin: 'quittance.test/archive', copy };
  return started.adopt(createArchiveTools({ storage: storageAt(folder), archive }), ({ close }) => close());
}

const storageAt = (url: string | null) => ({
  url: url === null ? null : secret(url),
  region: 'us-east-1',
  bucketPrefix: 'quittance',
  owner: null,
  retention: { mode: 'governance', years: 1 } as const,
});

const shortStatementTerms: StatementTerms = {
  ...statementTerms,
  retryMs: [50, 100, 200],
  hopelessMs: 60_000,
  storageRetryMs: 100,
};

/** A worker of each role, in this process. Returns what stops them, as SIGTERM does; called twice, it waits for the first. */
async function startWorkers(
  connection: NativeConnection,
  depsOf: (stopping: AbortSignal) => ActivityDeps,
  { interceptors = {}, roles = ['all'], release = { version: null } }: PlatformOptions,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const deps = depsOf(stopping.signal);
  const workers = await createWorkers({
    connection,
    namespace: deps.client.options.namespace,
    roles,
    rails: deps.rails,
    activities: createActivities(deps),
    bundle:
      release.bundle ??
      (await workflowBundle({
        isVersioned: release.version !== null,
        dataConverter: deps.client.options.dataConverter,
      })),
    dataConverter: deps.client.options.dataConverter ?? {},
    version: release.version,
    graceMs: 5_000,
    interceptors: {
      ...interceptors,
      activity: [alarmSteps({ alarms: deps.alarms }), ...(interceptors.activity ?? [])],
    },
  });
  const runs = workers.map((worker) => worker.run());
  return async () => {
    stopping.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
  };
}

async function connect(
  started: AsyncDisposableStack,
  { isEncrypted = true, temporal: address = temporalAddress() }: PlatformOptions,
): Promise<{ client: Client; connection: NativeConnection }> {
  const connection = started.adopt(await connectToTemporal(address), (it) => it.close());
  const keys = { keys: secret(newPayloadKey()), kmsKeys: [], encryptWith: isEncrypted ? 'file' : null } as const;
  const dataConverter = await openDataConverter(keys);
  const client = new Client({ namespace: await registerNamespace(connection), dataConverter, connection });
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  await provision({ client, waits: shortWaits, alarms: createAlarms({ log }), log, isStart: false });
  return { client, connection: started.adopt(await NativeConnection.connect({ address }), (it) => it.close()) };
}

type Wanted = { condition: string; ids: string[] | null; maxMs: number };

async function until({ root }: Pools, { condition, ids, maxMs }: Wanted): Promise<void> {
  for (const endsAt = Date.now() + maxMs; ; await sleep(20)) {
    const { rows } = await root.query<{ id: string; state: string }>(
      `select id, state, next_what, next_at from ledger.transfer where ($1::uuid[] is null or id = any($1)) and (${condition}) is not true`,
      [ids],
    );
    if (rows.length === 0) return;
    check(Date.now() < endsAt, `not (${condition}) after ${maxMs} ms: ${JSON.stringify(rows.slice(0, 5))}`);
  }
}

/** The causes of a transfer's events, in order. */
export async function storyOf({ root }: Pools, id: string): Promise<string[]> {
  const { rows } = await root.query<{ cause: string }>(
    'select cause from ledger.event where subject_id = $1 order by version',
    [id],
  );
  return rows.map(({ cause }) => cause);
}
