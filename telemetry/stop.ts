import type { Server } from 'node:http';
import type { Log } from '../config/log.ts';

const sweepMs = 50;

type Stopping = { server: Server; graceMs: number; log: Log; close: () => Promise<void> };

/**
 * On SIGTERM or SIGINT: takes no new connection, lets what is in flight be answered, closes what it holds, and ends. What is
 * not done when the grace is over is cut off; its clients send the same request again and hear the outcome.
 */
export function stopOnSignal({ server, graceMs, log, close }: Stopping): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    // Past the grace nothing that is left can be helped by waiting.
    setTimeout(() => end(1), graceMs).unref();
    server.close(() => {
      close().then(
        () => end(0),
        () => end(1),
      );
    });
    // A connection that is kept alive is idle only after its last answer.
    setInterval(() => server.closeIdleConnections(), sweepMs).unref();
  };
  const end = (code: number) => {
    log.info({ code }, 'stopped');
    log.flush();
    process.exit(code);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
