import type { WorkerRole } from './variables.ts';

/** How many connections each pool of a program has at most, while DATABASE_POOL_MAX does not say otherwise. */
const poolLimits = {
  api: {
    /** Two for each of the API's verbs that are called at the same time. */
    writes: 12,
    /** Keys, health and what is watched: apart, so that they are answered while writes wait for locks. */
    checks: 4,
    /** Each is milliseconds, so few serve many. */
    reads: 8,
  },
  standby: {
    /** How far the standby is, once in a while. It also has as many as the API reads with. */
    looks: 1,
  },
  worker: {
    /** Two for each batcher of the ledger, the rest for single verbs and reads. */
    ledger: 12,
    /** What makes statements has some of its own, so that it takes none from transfers. */
    statements: 6,
    /** What archives needs one. Another, so that a step which hangs does not keep the next one waiting. */
    archive: 2,
  },
} as const;

/** So that one call which hangs does not stop what its pool is for. */
const connectionsMin = 2;

/** The pools of the API, and those to its standby: as many connections as it reads with, and one. `connections`: how many there are to each at most. */
export function apiPools(max: number | null) {
  const { api, standby } = poolLimits;
  const [writes = 0, checks = 0, reads = 0] = shared([api.writes, api.checks, api.reads], max);
  const connections = { primary: writes + checks + reads, standby: reads + standby.looks };
  return { primary: { writes, checks, reads }, standby: { reads, looks: standby.looks }, connections };
}

/** The pools of a worker. Those of a role that it has not are never opened: they count nothing, and the others have their share. */
export function workerPools(max: number | null, roles: readonly WorkerRole[]) {
  const { worker } = poolLimits;
  const ofRole = (role: 'statements' | 'archive') => (roles.includes(role) || roles.includes('all') ? worker[role] : 0);
  const [ledger = 0, statements = 0, archive = 0] = shared(
    [worker.ledger, ofRole('statements'), ofRole('archive')],
    max,
  );
  return { pools: { ledger, statements, archive }, connections: ledger + statements + archive };
}

/** The same parts of another whole. What is left or lacks by rounding is the first pool's. A pool that has any has a few. */
function shared(parts: readonly number[], max: number | null): number[] {
  const usual = sum(parts);
  const whole = max ?? usual;
  const shares = parts.map((part) => (part === 0 ? 0 : Math.max(Math.floor((part * whole) / usual), connectionsMin)));
  const [first = 0, ...others] = shares;
  return [first + whole - sum(shares), ...others];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
