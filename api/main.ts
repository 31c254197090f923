import '../config/environment.ts';

import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { createBalanceCache } from '../cache/balances.ts';
import { createRateLimiter } from '../cache/rate-limiter.ts';
import { readEnv } from '../config/env.ts';
import { warnOfForeign } from '../config/environment.ts';
import { explainStartErrors, unreachableReason } from '../config/explain-error.ts';
import { createLog } from '../config/log.ts';
import { ownPorts } from '../config/own-ports.ts';
import { askTemporal, temporalTlsFault, toClientConnection } from '../config/temporal.ts';
import { createPool, createReader, databaseState, refuseWrongSettings } from '../drizzle/client.ts';
import { readBacklog } from '../ledger/upkeep/backlog.ts';
import { readLiveness } from '../ledger/upkeep/liveness.ts';
import { networkNames } from '../rails/index.ts';
import { createAlarms } from '../telemetry/alarms/alarms.ts';
import { addBacklogGauges } from '../telemetry/backlog.ts';
import { createFaults } from '../telemetry/faults.ts';
import { metricsPage } from '../telemetry/metrics.ts';
import { startMonitor } from '../telemetry/monitor/monitor.ts';
import { serveTelemetry } from '../telemetry/server.ts';
import { endProcess, stopSignal } from '../telemetry/stop.ts';
import { alwaysAtWork } from '../workflows/contract/upkeep.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { createAccountCache } from './accounts/account-cache.ts';
import { createApp } from './app.ts';
import { createBoundedReader } from './bounded-reader.ts';
import { createHttpServer } from './http/server.ts';
import { bindLedgerVerbs } from './ledger-verbs.ts';
import { createMetrics } from './metrics.ts';
import { createIntake } from './transfers/intake.ts';
import { createStartGroup } from './transfers/start-group.ts';

const started = explainStartErrors();
const env = readEnv();
const log = createLog('api', env);
warnOfForeign(log);
const onIdleError = (error: Error) => log.warn({ reason: error.message }, 'idle database connection lost');
const database = { url: env.database.url.reveal(), role: 'quittance_api', onIdleError } as const;
const writes = createPool({ ...database, name: 'quittance-api', max: 8 });
const reads = createPool({ ...database, name: 'quittance-api-reads', max: 8, pipeline: true });
await refuseWrongSettings(reads);
const metrics = createMetrics();
const alarms = createAlarms({ log, registry: metrics.registry });
const faults = createFaults(metrics.registry);
const redis = { url: env.redis.url?.reveal() ?? null, ca: env.redis.ca, log, onFailure: faults.countRedis };
const balances = createBalanceCache(redis);
const limiter = createRateLimiter(redis);
// Lazy: without Temporal the API still starts, reads and reports what is missing.
const connection = Connection.lazy(toClientConnection(env.temporal));
const client = new Client({ connection, namespace: env.temporal.namespace });
const warnOfFault = (server: string) => (fault: unknown) => {
  if (fault) log.warn({ reason: unreachableReason(fault) }, `${server} cannot be reached`);
};
void reads.query('select 1').catch(warnOfFault('Postgres'));
void temporalTlsFault(env.temporal).then(warnOfFault('Temporal'));
addBacklogGauges({
  registry: metrics.registry,
  read: () => readBacklog(writes),
  onError: (error) => faults.count(error, 'backlog'),
});
const waits = { ...defaultWaits, ...env.sweep };
const intake = createIntake({
  startGroup: createStartGroup({ client, log, waits }),
  metrics,
});

const monitor = startMonitor({
  read: () => readLiveness(writes),
  askTemporal: () => askTemporal(client),
  expected: alwaysAtWork(networkNames, waits),
  alarms,
  registry: metrics.registry,
});

const app = createApp({
  ledger: bindLedgerVerbs(writes),
  reader: createBoundedReader(createReader(reads)),
  balances,
  accountCache: createAccountCache({ max: 100_000 }),
  limiter,
  intake,
  parts: {
    database: () => databaseState(writes),
    temporal: () => askTemporal(client),
    cache: redis.url === null ? null : balances.takesWrites,
    isIntakeAnswered: intake.isAnswered,
    platform: monitor.state,
  },
  temporal: env.temporal,
  webhookUrls: { allowPrivate: env.notices.allowPrivate, ownPorts: ownPorts(env) },
  hasDocs: env.api.docs,
  metrics,
  log,
  alarms,
  faults,
  clockMs: monitor.clockMs,
});

const { server, close } = createHttpServer(app, { onRefused: () => metrics.connectionsRefused.inc() });
server.listen(env.api.port, env.api.host);
const [telemetry] = await Promise.all([
  serveTelemetry({ '/metrics': metricsPage(metrics.registry) }, { port: env.api.metricsPort, host: env.api.host }),
  once(server, 'listening'),
]);
log.info({ api: server.address(), metrics: telemetry.address() }, 'listening');
started((error) => alarms.raise('uncaught_error', { err: error }));

await stopSignal(log);
await endProcess({
  log,
  graceMs: env.shutdown.graceMs,
  close: async () => {
    monitor.end();
    await close();
    telemetry.close();
    await intake.idle();
    await Promise.all([balances.close(), limiter.close(), connection.close(), writes.end(), reads.end()]);
  },
});
