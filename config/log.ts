import { type DestinationStream, type LogFn, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Env } from './env.ts';
import { errorFields, rootOf } from './error-fields.ts';

export type Log = Logger;

/**
 * A program's log: JSON, one line per outcome, with ids. Never a body, a name or an account number; fields with one
 * of the names below are redacted. Amounts are logged as strings, because pino prints a bigint as a bare number.
 */
export function createLog(program: string, env: Pick<Env, 'log' | 'mode'>, to?: DestinationStream): Log {
  const options = {
    level: env.log.level,
    base: { program, mode: env.mode },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    hooks: { logMethod: withoutWrapper },
    redact: { paths: redacted, censor: '[secret]' },
  };
  return to ? pino(options, to) : pino(options);
}

/** A line without a message takes that of its error, so a wrapper that repeats its input is unwrapped first. */
function withoutWrapper(this: Log, [first, ...rest]: Parameters<LogFn>, method: LogFn): void {
  const line: unknown = first;
  const hasError = typeof line === 'object' && line !== null && 'err' in line;
  method.apply(this, [hasError ? { ...line, err: rootOf(line.err) } : first, ...rest]);
}

const names = [
  'authorization',
  'secret',
  'password',
  'account_number',
  'accountNumber',
  'destination_bank',
  'destinationBank',
  'body',
  'parameters',
];
const redacted = names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
