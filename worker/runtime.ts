import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import getPort from 'get-port';
import type { Log } from '../config/log.ts';

/**
 * Limits of the histograms, in seconds. Core's own have nothing between 0.1 and 0.5 s, where a queue that waits for a worker shows;
 * rail requests and ledger steps may take up to a minute.
 */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1, 2.5, 5, 10, 30, 60];
const histograms = [
  'request_latency',
  'long_request_latency',
  'workflow_task_schedule_to_start_latency',
  'workflow_task_execution_latency',
  'workflow_task_replay_latency',
  'workflow_endtoend_latency',
  'activity_schedule_to_start_latency',
  'activity_execution_latency',
  'activity_succeed_endtoend_latency',
  'local_activity_execution_latency',
];

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sets Temporal's core up for this process, once and before any connection: its log lines go to our log, its figures are
 * served on a local port, and it does not handle signals, because stopping has an order (`main.ts`). Returns that port. Another
 * process may take it between the look and the use; then another one is looked for. Throws when none of three can be had.
 */
export async function installRuntime(log: Log, freePort: () => Promise<number> = anyPort): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const metricsPort = await freePort();
    try {
      install(log, metricsPort);
      return metricsPort;
    } catch (error) {
      if (tries === triesMax || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/** A port is taken in the moment between the look and the use once in a very long time; twice is something else. */
const triesMax = 3;
const anyPort = (): Promise<number> => getPort({ host: '127.0.0.1' });

function install(log: Log, metricsPort: number): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[levels[level]](meta ?? {}, message)),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      metrics: {
        prometheus: {
          bindAddress: `127.0.0.1:${metricsPort}`,
          useSecondsForDurations: true,
          countersTotalSuffix: true,
          histogramBucketOverrides: Object.fromEntries(histograms.map((name) => [name, buckets])),
        },
      },
    },
  });
}
