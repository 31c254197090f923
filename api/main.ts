import '../config/environment.ts';

import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { createWaker } from '../activities/notices/wake-deliveries.ts';
import { createRunWaker } from '../activities/statements/wake-runs.ts';
import { readRouting } from '../activities/versions/routing.ts';
import { createBalanceCache } from '../cache/balances.ts';
import { createRateLimiter } from '../cache/rate-limiter.ts';
import { readEnv } from '../config/env.ts';
import { warnOfForeign } from '../config/environment.ts';
import { explainStartErrors, unreachableReason } from '../config/explain-error.ts';
import { createPasswords } from '../config/iam-passwords.ts';
import { createLog } from '../config/log.ts';
import { ownPorts } from '../config/own-ports.ts';
import { apiPools } from '../config/pool-limits.ts';
import { askTemporal, temporalTlsFault, toClientConnection } from '../config/temporal.ts';
import { createPool, createReader, databaseState, refuseWrongSettings } from '../drizzle/client.ts';
import { openDataConverter } from '../encryption/data-converter.ts';
import { readCacheKey } from '../ledger/access/seal.ts';
import { feedsWithNews } from '../ledger/feed/feeds-with-news.ts';
import { readBacklog } from '../ledger/upkeep/backlog.ts';
import { readLiveness } from '../ledger/upkeep/liveness.ts';
import { networkNames } from '../rails/index.ts';
import { linkReader, openStorage } from '../storage/open.ts';
import { createAlarms } from '../telemetry/alarms/alarms.ts';
import { addBacklogGauges } from '../telemetry/backlog.ts';
import { showBuild } from '../telemetry/build.ts';
import { createFaults } from '../telemetry/faults.ts';
import { metricsPage } from '../telemetry/metrics.ts';
import { startMonitor } from '../telemetry/monitor/monitor.ts';
import { serveTelemetry } from '../telemetry/server.ts';
import { endProcess, stopSignal } from '../telemetry/stop.ts';
import { alwaysAtWork } from '../workflows/contract/upkeep.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { createAccessLog } from './access-log/access-log.ts';
import { createAccountCache } from './accounts/account-cache.ts';
import { createKeyUse } from './api-keys/key-use.ts';
import { createApp } from './app.ts';
import { createBoundedReader } from './bounded-reader.ts';
import { createFeedNews } from './events/feed-news.ts';
import { createExportSlots } from './exports/slots.ts';
import { createAddressPlaces, requestsPerAddressMax } from './http/address-places.ts';
import { createHttpServer } from './http/server.ts';
import { bindLedgerVerbs } from './ledger-verbs.ts';
import { createMetrics } from './metrics.ts';
import { openStandby } from './standby/open.ts';
import { createIntake } from './transfers/intake.ts';
import { createStartGroup } from './transfers/start-group.ts';

/** A standby that takes longer to connect counts as away, in milliseconds. */
const standbyConnectMs = 500;

/** Files of statements that one tenant downloads at a time, of those that we make. */
const filesOfTenantMax = 2;

const started = explainStartErrors();
const env = readEnv();
const log = createLog('api', env);
warnOfForeign(log);
const onIdleError = (error: Error) => log.warn({ reason: error.message }, 'idle database connection lost');
const passwords = createPasswords({ log });
const { url: databaseUrl, iamRegion } = env.database;
const pools = apiPools(env.database.connectionsMax);
const asApi = { role: 'quittance_api', onIdleError } as const;
const database = { ...asApi, ...passwords.ofDatabase(databaseUrl, iamRegion) };
const writes = createPool({ ...database, name: 'quittance-api', max: pools.primary.writes });
const checks = createPool({ ...database, name: 'quittance-api-checks', max: pools.primary.checks });
const reads = createPool({ ...database, name: 'quittance-api-reads', max: pools.primary.reads, pipeline: true });
await refuseWrongSettings(reads);
const metrics = createMetrics();
const bounded = createBoundedReader(createReader(reads));
const alarms = createAlarms({ log, registry: metrics.registry });
await showBuild(metrics.registry, null);
const faults = createFaults(metrics.registry);
const atStandby = env.standby.url && {
  ...{ ...asApi, ...passwords.ofDatabase(env.standby.url, iamRegion) },
  ...{ pipeline: true, connectMs: standbyConnectMs },
};
const standbyPools = atStandby && {
  reads: createPool({ ...atStandby, name: 'quittance-api-standby', max: pools.standby.reads }),
  looks: createPool({ ...atStandby, name: 'quittance-api-standby-looks', max: pools.standby.looks }),
};
const standby =
  standbyPools &&
  openStandby({
    ...{ checks, looks: standbyPools.looks, standby: createReader(standbyPools.reads), primary: bounded },
    ...{ lagMaxMs: env.standby.lagMaxMs, metrics, alarms },
  });
const redis = {
  ...{ url: env.redis.url?.reveal() ?? null, ca: env.redis.ca },
  ...{ password: passwords.ofRedis(env.redis.url, env.redis.iam), log, onFailure: faults.countRedis },
};
const balances = createBalanceCache({ ...redis, readMacKey: () => readCacheKey(checks) });
const limiter = createRateLimiter(redis);
// Lazy: without Temporal the API still starts, reads and reports what is missing.
const connection = Connection.lazy(toClientConnection(env.temporal));
const dataConverter = await openDataConverter(env.encryption, alarms);
const client = new Client({ connection, dataConverter, namespace: env.temporal.namespace });
const warnOfFault = (server: string) => (fault: unknown) => {
  if (fault) log.warn({ reason: unreachableReason(fault) }, `${server} cannot be reached`);
};
void reads.query('select 1').catch(warnOfFault('Postgres'));
void temporalTlsFault(env.temporal).then(warnOfFault('Temporal'));
addBacklogGauges({
  registry: metrics.registry,
  read: () => readBacklog(checks),
  onError: (error) => faults.count(error, 'backlog'),
});
const waits = { ...defaultWaits, ...env.sweep };
const intake = createIntake({
  startGroup: createStartGroup({ client, log, waits }),
  metrics,
});
const feedNews = createFeedNews((readers) => feedsWithNews(checks, readers));

const waker = createWaker({ client, log, waits });
const runs = createRunWaker({ client, log, waits });
const { url: storageUrl, ...storageSettings } = env.storage;
const { publicUrl } = env.api;
const storage = storageUrl && {
  store: openStorage({ ...storageSettings, url: storageUrl }, { linkBase: `${publicUrl}/objects` }),
  readLink: linkReader({ url: storageUrl }),
};
const ledger = bindLedgerVerbs({ writes, checks }, async ({ balances: changed, endpoints }) => {
  waker.wake(endpoints);
  await balances.put(changed);
});

const monitor = startMonitor({
  read: () => readLiveness(checks),
  askTemporal: () => askTemporal(client),
  readRouting: () => readRouting(client),
  expected: alwaysAtWork(networkNames, waits),
  alarms,
  registry: metrics.registry,
});

const keyUse = createKeyUse({ write: ledger.noteApiKeysUsed, onError: (error) => faults.count(error, 'key use') });
const accessLog = createAccessLog({ ledger, metrics, alarms, faults, clockMs: monitor.clockMs });

const app = createApp({
  ledger,
  reader: bounded,
  lagging: standby?.lagging ?? null,
  balances,
  accountCache: createAccountCache({ max: 100_000 }),
  limiter,
  keyUse,
  accessLog,
  intake,
  feedNews,
  exportSlots: createExportSlots(),
  fileSlots: createExportSlots(filesOfTenantMax),
  storage,
  publicUrl,
  wakeDelivery: (endpointId) => waker.wake([endpointId]),
  makeStatements: runs.make,
  lookAtRun: runs.look,
  parts: {
    database: () => databaseState(checks),
    temporal: () => askTemporal(client),
    cache: redis.url === null ? null : balances.takesWrites,
    standby: standby?.state ?? null,
    hasStorage: env.storage.url !== null,
    isIntakeAnswered: intake.isAnswered,
    platform: monitor.state,
  },
  temporal: env.temporal,
  webhookUrls: { allowPrivate: env.notices.allowPrivate, ownPorts: ownPorts(env) },
  trustedProxies: env.api.trustedProxies,
  proxiedPlaces: createAddressPlaces(requestsPerAddressMax),
  corsOrigins: env.api.corsOrigins,
  hasDocs: env.api.docs,
  metrics,
  log,
  alarms,
  faults,
  clockMs: monitor.clockMs,
});

const { server, close } = createHttpServer(app, {
  trustedProxies: env.api.trustedProxies,
  onRefused: () => metrics.connectionsRefused.inc(),
});
server.listen(env.api.port, env.api.host);
const [telemetry] = await Promise.all([
  serveTelemetry({ '/metrics': metricsPage(metrics.registry) }, { port: env.api.metricsPort, host: env.api.host }),
  once(server, 'listening'),
]);
log.info({ api: server.address(), metrics: telemetry.address() }, 'listening');
const connectionsMax = { ...pools.connections, ...(standbyPools === null && { standby: 0 }) };
log.info({ connectionsMax }, 'the database is asked for no more connections than these');
started((error) => alarms.raise('uncaught_error', { err: error }));

await stopSignal(log);
await endProcess({
  log,
  graceMs: env.shutdown.graceMs,
  close: async () => {
    monitor.end();
    feedNews.end();
    keyUse.end();
    standby?.end();
    // What was counted until now is not lost with a request that lasts longer than the grace.
    await Promise.all([close(), accessLog.writeAll()]);
    telemetry.close();
    await Promise.all([intake.idle(), ledger.idle(), accessLog.end()]);
    await Promise.all([waker.close(), runs.close()]);
    storage?.store.close();
    await Promise.all([balances.close(), limiter.close(), connection.close(), writes.end(), checks.end(), reads.end()]);
    await Promise.all([standbyPools?.reads.end(), standbyPools?.looks.end()]);
  },
});
