import '../../config/environment.ts';

import { Client, Connection } from '@temporalio/client';
import { readScalerEnv } from '../../config/env.ts';
import { warnOfForeign } from '../../config/environment.ts';
import { explainStartErrors } from '../../config/explain-error.ts';
import { createLog } from '../../config/log.ts';
import { toClientConnection } from '../../config/temporal.ts';
import { createAlarms } from '../../telemetry/alarms/alarms.ts';
import { createRegistry, metricsPage } from '../../telemetry/metrics.ts';
import { json, serveTelemetry } from '../../telemetry/server.ts';
import { endProcess, stopSignal } from '../../telemetry/stop.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { createFigures } from './figures.ts';
import { scalerHealthPage } from './health.ts';
import { queuesOf } from './kinds.ts';
import { startRounds } from './rounds.ts';

/** How long what is being measured may take to end. */
const closeMs = 10_000;

const started = explainStartErrors();
const env = readScalerEnv();
const { everyMs, metricsNamespace, port } = env.scaler;
const log = createLog('scaler', env);
warnOfForeign(log);
/** Figures are lines of a log, and there whatever its level is. */
const published = log.child({}, { level: 'info' });
const registry = createRegistry({ prefix: 'quittance_scaler_' });
const alarms = createAlarms({ log, registry });
const figures = createFigures(registry);
// Temporal need not answer at the start; until it does health says so.
const connection = Connection.lazy(toClientConnection(env.temporal));
const rounds = startRounds({
  client: new Client({ connection, namespace: env.temporal.namespace }),
  queues: { transfers: queuesOf('transfers'), records: queuesOf('records') },
  figures: {
    ...figures,
    setKind: (kind, backlog) => {
      figures.setKind(kind, backlog);
      if (backlog === null || metricsNamespace === null) return;
      const line = embeddedMetrics(kind, backlog, { namespace: metricsNamespace, at: Date.now() });
      published.info(line, 'the backlog of a kind of worker');
    },
  },
  log,
  everyMs,
});
const telemetry = await serveTelemetry(
  {
    '/ping': async () => json(200, { status: 'ok' }),
    '/health': scalerHealthPage(rounds.agesMs),
    '/metrics': metricsPage(registry),
  },
  { port, host: env.api.host },
);
log.info({ port, everyMs, metricsNamespace }, 'the scaler measures');
started((error) => alarms.raise('uncaught_error', { err: error }));

await stopSignal(log);
await endProcess({
  log,
  graceMs: closeMs,
  close: async () => {
    await rounds.end();
    await connection.close();
    telemetry.close();
  },
});
