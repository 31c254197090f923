import { BadSettings } from './env.ts';

/**
 * First line of a program: from here on, a start that fails for a reason that a person can mend ends it with one sentence
 * and exit code 1. Whatever else nobody caught is a bug, and ends it with its stack.
 */
export function endInWords(): void {
  process.once('uncaughtException', (error) => {
    process.stderr.write(`${inWords(error) ?? error.stack ?? String(error)}\n`);
    process.exit(1);
  });
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
