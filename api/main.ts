import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { collectDefaultMetrics } from 'prom-client';
import { createBalanceCache } from '../cache/balances.ts';
import { createRateLimiter } from '../cache/rate-limiter.ts';
import { readEnv } from '../config/env.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { createLog } from '../config/log.ts';
import { toClientConnection } from '../config/temporal.ts';
import { createPool, createReader } from '../drizzle/client.ts';
import { createMetricsServer } from '../telemetry/server.ts';
import { stopOnSignal } from '../telemetry/stop.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { createKnownAccounts } from './accounts/known.ts';
import { createApp } from './app.ts';
import { createHttpServer } from './http/server.ts';
import { bindLedgerVerbs } from './ledger-verbs.ts';
import { createMetrics } from './metrics.ts';
import { gateReads } from './read-gate.ts';
import { createIntake } from './transfers/intake.ts';
import { createStartGroup } from './transfers/start-group.ts';

const started = explainStartErrors();
const env = readEnv();
const log = createLog('api', env);
const onIdleError = (error: Error) => log.warn({ reason: error.message }, 'idle database connection lost');
const database = { url: env.database.url.reveal(), onIdleError };
const writes = createPool({ ...database, name: 'quittance-api', max: 8 });
const reads = createPool({ ...database, name: 'quittance-api-reads', max: 8, pipeline: true });
const redis = { url: env.redis.url?.reveal() ?? null, log };
const balances = createBalanceCache(redis);
const limiter = createRateLimiter(redis);
// Lazy: the API starts, reads and says what is missing while Temporal is away.
const connection = Connection.lazy(toClientConnection(env.temporal));
const client = new Client({ connection, namespace: env.temporal.namespace });
const metrics = createMetrics();
collectDefaultMetrics({ register: metrics.registry });
const intake = createIntake({
  startGroup: createStartGroup({ client, log, waits: { ...defaultWaits, ...env.watch } }),
  metrics,
});

const app = createApp({
  ledger: bindLedgerVerbs(writes),
  reader: gateReads(createReader(reads)),
  balances,
  knownAccounts: createKnownAccounts({ most: 100_000 }),
  limiter,
  intake,
  probes: {
    database: () => reads.query('select 1'),
    temporal: () => connection.withDeadline(Date.now() + 1_000, () => connection.workflowService.getSystemInfo({})),
    isCacheUp: redis.url === null ? null : balances.isUp,
  },
  temporal: env.temporal,
  allowPrivateNotices: env.notices.allowPrivate,
  metrics,
  log,
});

const server = createHttpServer(app);
const metricsServer = createMetricsServer(metrics.registry);
server.listen(env.api.port, env.api.host);
metricsServer.listen(env.api.metricsPort, env.api.host);
await Promise.all([once(server, 'listening'), once(metricsServer, 'listening')]);
log.info({ api: server.address(), metrics: metricsServer.address() }, 'listening');
started(log);

stopOnSignal({
  server,
  graceMs: env.shutdown.graceMs,
  log,
  close: async () => {
    metricsServer.close();
    await intake.idle();
    await Promise.all([balances.close(), limiter.close(), connection.close(), writes.end(), reads.end()]);
  },
});
