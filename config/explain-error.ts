import { BadSettings } from './env.ts';
import type { Log } from './log.ts';

/**
 * First line of a program: from here on, a start that fails for a reason that a person can mend ends it with one sentence
 * and exit code 1. Whatever else nobody caught is a bug, and ends it with its stack. A program that goes on calls what is
 * returned once it has started: the same error an hour later is no setting of anybody's, and ends it with a line of its log.
 */
export function endInWords(): (log: Pick<Log, 'fatal'>) => void {
  const endStart = (error: unknown) => {
    process.stderr.write(`${inWords(error) ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(1);
  };
  process.once('uncaughtException', endStart);
  return (log) => {
    process.removeListener('uncaughtException', endStart);
    process.once('uncaughtException', (error) => {
      log.fatal({ err: error }, 'ALARM: nobody caught an error; the program ends');
      process.exit(1);
    });
  };
}

/** The sentence for a fault that a person can mend, or null for any other. */
export function inWords(error: unknown): string | null {
  if (error instanceof BadSettings) return error.message;
  if (error instanceof AggregateError) return inWords(error.errors[0]);
  if (!(error instanceof Error)) return null;
  if (error.name === 'TransportError') return `Temporal does not answer at TEMPORAL_ADDRESS: ${error.message}`;
  const {
    code = '',
    syscall = '',
    address,
    port,
  } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  return bySystem[`${syscall} ${code}`]?.(`${address}:${port}`) ?? null;
}

const bySystem: Record<string, (place: string) => string> = {
  'listen EADDRINUSE': (place) =>
    `Port ${place} is taken by another program: stop that, or set API_PORT, API_METRICS_PORT or WORKER_METRICS_PORT.`,
  'listen EACCES': (place) => `This user may not listen on ${place}: set a port above 1023.`,
  'listen EADDRNOTAVAIL': (place) => `This machine has no address ${place}: set API_HOST to one that it has.`,
  'connect ECONNREFUSED': (place) =>
    `Nothing answers at ${place}: start what should, or mend the setting with that address.`,
  'connect ETIMEDOUT': (place) =>
    `No answer in time from ${place}: start what should, or mend the setting with that address.`,
};
