import { Counter, type Registry } from 'prom-client';

/** Counts what failed in a program. */
export type Faults = {
  /** `of`: the step or the route that failed. */
  count(error: unknown, of: string): void;
  /** A call of Redis that failed or was not answered in time. */
  countRedis(): void;
};

/** The counters of failures: of everything by step or route and kind of error, and of the database by its code. One per program. */
export function createFaults(registry: Registry): Faults {
  const registers = [registry];
  const failures = new Counter({
    name: 'quittance_failures_total',
    help: 'Failures of steps and of requests by the kind of their error.',
    labelNames: ['of', 'kind'],
    registers,
  });
  const database = new Counter({
    name: 'quittance_database_errors_total',
    help: 'Errors of the database by SQLSTATE, and of connections by their code.',
    labelNames: ['code'],
    registers,
  });
  const redis = new Counter({
    name: 'quittance_redis_errors_total',
    help: 'Calls of Redis that failed or were not answered in time.',
    registers,
  });
  return {
    countRedis: () => redis.inc(),
    count: (error, of) => {
      const { kind, code } = kindOf(error);
      failures.inc({ of, kind });
      if (code !== null) database.inc({ code });
    },
  };
}

/** Codes and names come from a few libraries, so there are few of them. */
const codeForm = /^(?:[0-9A-Z]{5}|E[A-Z_]{3,20})$/;

function kindOf(error: unknown): { kind: string; code: string | null } {
  if (!(error instanceof Error)) return { kind: 'unknown', code: null };
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && codeForm.test(code)) return { kind: code, code };
  if (error.cause instanceof Error) return kindOf(error.cause);
  return { kind: error.name, code: null };
}
