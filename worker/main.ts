import '../config/environment.ts';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { createWaker } from '../activities/notices/wake-deliveries.ts';
import { readRouting } from '../activities/versions/routing.ts';
import { createBalanceCache } from '../cache/balances.ts';
import { readEnv } from '../config/env.ts';
import { warnOfForeign } from '../config/environment.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { createPasswords } from '../config/iam-passwords.ts';
import { createLog } from '../config/log.ts';
import { ownPorts } from '../config/own-ports.ts';
import { workerPools } from '../config/pool-limits.ts';
import { askTemporal, toClientConnection, toWorkerConnection } from '../config/temporal.ts';
import { toPublic } from '../domain/ids.ts';
import { createPool, databaseState, refuseWrongSettings } from '../drizzle/client.ts';
import { openDataConverter } from '../encryption/data-converter.ts';
import { readCacheKey } from '../ledger/access/seal.ts';
import { createLedger } from '../ledger/index.ts';
import { readLiveness } from '../ledger/upkeep/liveness.ts';
import { createRails, networkNames } from '../rails/index.ts';
import { createAlarms } from '../telemetry/alarms/alarms.ts';
import { showBuild } from '../telemetry/build.ts';
import { createFaults } from '../telemetry/faults.ts';
import { livenessPage, readinessPage } from '../telemetry/health.ts';
import { createRegistry, metricsPage, readPage } from '../telemetry/metrics.ts';
import { startMonitor } from '../telemetry/monitor/monitor.ts';
import { serveTelemetry } from '../telemetry/server.ts';
import { endProcess, stopSignal } from '../telemetry/stop.ts';
import { watchTaskFailures } from '../telemetry/task-failures.ts';
import { alwaysAtWork } from '../workflows/contract/upkeep.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { createArchiveTools } from './archive-tools.ts';
import { workflowBundle } from './bundle.ts';
import { countConclusions } from './count-conclusions.ts';
import { notePresence } from './note-presence.ts';
import { keepProvisioned } from './provision.ts';
import { registerRails, setTermsOfRails } from './register-rails.ts';
import { createWorkers, servedRails } from './roles.ts';
import { runWorkers } from './run.ts';
import { installRuntime } from './runtime.ts';
import { withSlotUse } from './slot-use.ts';
import { createStatementTools } from './statement-tools.ts';
import { alarmSteps } from './step-alarms.ts';

/** Both would rather wait for one than fail: a page of postings takes a tenth of a second. */
const patientConnectMs = 30_000;
/** How long a worker that has ended may take to close what it holds. */
const closeMs = 30_000;

const started = explainStartErrors();
const env = readEnv();
const { namespace } = env.temporal;
const { version } = env.worker;
const waits = { ...defaultWaits, ...env.sweep };
const log = createLog('worker', env);
warnOfForeign(log);
const registry = createRegistry({ prefix: 'quittance_worker_' });
const alarms = createAlarms({ log, registry });
await showBuild(registry, version?.buildId ?? null);
const temporalMetricsPort = await installRuntime(log);

const stopping = new AbortController();
const dataConverter = await openDataConverter(env.encryption, alarms);
const connection = await NativeConnection.connect(toWorkerConnection(env.temporal));
const clientConnection = await Connection.connect(toClientConnection(env.temporal));
const client = new Client({ namespace, dataConverter, connection: clientConnection });
const passwords = createPasswords({ log });
const { url: databaseUrl, iamRegion } = env.database;
const { pools: shares, connections } = workerPools(env.database.connectionsMax, env.worker.roles);
const database = {
  ...passwords.ofDatabase(databaseUrl, iamRegion),
  onIdleError: (error: Error) => log.warn({ err: error }, 'an idle connection to the database broke'),
};
const pool = createPool({ ...database, role: 'quittance_worker', name: 'quittance-worker', max: shares.ledger });
await refuseWrongSettings(pool);
const faults = createFaults(registry);
const cache = createBalanceCache({
  url: env.redis.url?.reveal() ?? null,
  ca: env.redis.ca,
  password: passwords.ofRedis(env.redis.url, env.redis.iam),
  log,
  onFailure: faults.countRedis,
  readMacKey: () => readCacheKey(pool),
});
const waker = createWaker({ client, log, waits });
const uncounted = createLedger({
  pool,
  onCommit: async ({ balances, endpoints, attentions }) => {
    for (const { transferId, reason } of attentions)
      alarms.raise('transfer_needs_attention', { transfer: toPublic('transfer', transferId), reason });
    waker.wake(endpoints);
    await cache.put(balances);
  },
});
const ledger = countConclusions(uncounted, registry);
const rails = createRails(env.rails);
// A pool of a role that is not served is never asked for a connection.
const patientPool = (name: string, share: number) =>
  createPool({
    ...database,
    role: 'quittance_worker',
    name,
    max: Math.max(share, 1),
    connectMs: patientConnectMs,
  });
const statementPool = patientPool('quittance-statements', shares.statements);
const archivePool = patientPool('quittance-archive', shares.archive);
const statementTools = createStatementTools({
  storage: env.storage,
  threads: env.worker.statementThreads,
  linkBase: `http://${env.api.host}:${env.api.port}`,
  registry,
});
const archiveTools = createArchiveTools({ storage: env.storage, archive: env.archive });
if (shares.archive > 0) void archiveTools.saySigners(log);
const { signal } = stopping;
const activities = createActivities({
  ledger,
  pool,
  rails,
  client,
  waker,
  log,
  alarms,
  stopping: signal,
  notices: { ...env.notices, ownPorts: ownPorts(env) },
  statements: { ...statementTools, pool: statementPool },
  archive: { ...archiveTools, pool: archivePool },
  waits,
});

await registerRails(ledger, networkNames, log);
await setTermsOfRails(ledger, servedRails(rails, env.worker.roles), log);
const workers = await createWorkers({
  connection,
  namespace,
  roles: env.worker.roles,
  rails,
  activities,
  bundle: await workflowBundle({ isVersioned: version !== null, dataConverter }),
  dataConverter,
  graceMs: env.shutdown.graceMs,
  interceptors: { activity: [alarmSteps({ alarms, faults })] },
  version,
});
const states = () => workers.map((worker) => ({ queue: worker.options.taskQueue, state: worker.getState() }));
/** Temporal's core serves its metrics on its own port. */
const readCore = () => readPage(`http://127.0.0.1:${temporalMetricsPort}/metrics`);
const telemetry = await serveTelemetry(
  {
    '/health': livenessPage(states),
    '/ready': readinessPage(states, { database: () => databaseState(pool), temporal: () => askTemporal(client) }),
    '/metrics': metricsPage(registry, { alsoFrom: async () => withSlotUse(await readCore()) }),
  },
  { port: env.worker.metricsPort, host: env.api.host },
);
const endTaskWatch = watchTaskFailures({ read: readCore, alarms });
const monitor = startMonitor({
  read: () => readLiveness(pool),
  askTemporal: () => askTemporal(client),
  readRouting: () => readRouting(client),
  expected: alwaysAtWork(networkNames, waits),
  alarms,
  registry,
});
const readPresence = async () => (await readLiveness(pool)).queueAgesMs;
const versions = version && { version, readPresence };
const endProvisioning = await keepProvisioned({ client, waits, alarms, log, versions });
const { roles, metricsPort } = env.worker;
const buildId = version?.buildId ?? null;
log.info({ roles, metricsPort, build: buildId }, 'the worker takes work');
log.info({ connectionsMax: connections }, 'the database is asked for no more connections than these');
started((error) => alarms.raise('uncaught_error', { err: error }));

const endPresence = notePresence({ note: ledger.noteWorkers, workers: states, buildId, log });
void stopSignal(log).then(() => stopping.abort());
await runWorkers(workers, stopping);
await endProcess({
  log,
  graceMs: closeMs,
  close: async () => {
    endProvisioning();
    endTaskWatch();
    endPresence();
    monitor.end();
    await ledger.idle();
    await waker.close();
    await statementTools.close();
    archiveTools.close();
    const pools = [pool, statementPool, archivePool].map((each) => each.end());
    await Promise.all([cache.close(), ...pools, client.connection.close(), connection.close()]);
    telemetry.close();
  },
});
