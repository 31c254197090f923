import type { Log } from '../config/log.ts';

/** Resolves when the process is told to stop, by the first SIGTERM or SIGINT. Later signals change nothing. */
export function stopSignal(log: Pick<Log, 'info'>): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (isStopping) return;
      isStopping = true;
      log.info({ signal }, 'stopping');
      resolve();
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  });
}

/**
 * Closes the program's resources and ends the process: code 0, or 1 when closing failed or took longer than `graceMs`. What
 * is not done by then is cut off; clients send the same request again, and Temporal runs the same activity again.
 */
export async function endProcess({ log, graceMs, close }: Ending): Promise<void> {
  setTimeout(() => exit(1), graceMs).unref();
  await close().then(
    () => exit(0),
    () => exit(1),
  );

  function exit(code: number): void {
    log.info({ code }, 'stopped');
    log.flush();
    process.exit(code);
  }
}

type Ending = { log: Pick<Log, 'info' | 'flush'>; graceMs: number; close: () => Promise<void> };
