import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from '../config/log.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sets Temporal's core up for this process, once and before any connection: its log lines go to our log, its figures are
 * served on a local port, and it does not handle signals, because stopping has an order (`main.ts`).
 */
export function installRuntime({ log, metricsPort }: { log: Log; metricsPort: number }): void {
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
        },
      },
    },
  });
}
