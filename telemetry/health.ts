import pTimeout from 'p-timeout';
import { json, type Page } from './server.ts';

/** Whether a part of the platform answers. Throws when it does not. */
export type Probe = () => Promise<unknown>;

/** The dependencies of a program. `isCacheUp` is null when the platform runs without a cache. */
export type Parts = { database: Probe; temporal: Probe; isCacheUp: (() => boolean) | null };

/** The health of a program, for a load balancer and for operators. */
export type Health = {
  status: 'ok' | 'degraded' | 'unavailable';
  database: 'ok' | 'away';
  temporal: 'ok' | 'away';
  cache: 'ok' | 'none' | 'away';
};

/** A load balancer asks every few seconds; a slower answer counts as none. */
const probeMs = 1_000;
/** The address is public, so the answer is cached for a moment. */
const keepMs = 1_000;

/**
 * Checks the parts. Without the database nothing can be answered: `unavailable`. Without Temporal or the
 * cache reads work, and creating a transfer is refused with `not_attempted`: `degraded`, and still in service.
 */
export function createHealth(parts: Parts): () => Promise<Health> {
  let kept: { health: Promise<Health>; until: number } | null = null;
  return () => {
    const now = performance.now();
    if (kept === null || kept.until <= now) kept = { health: examine(parts), until: now + keepMs };
    return kept.health;
  };
}

async function examine({ database, temporal, isCacheUp }: Parts): Promise<Health> {
  const [hasDatabase, hasTemporal] = await Promise.all([answers(database), answers(temporal)]);
  const cache = isCacheUp === null ? 'none' : isCacheUp() ? 'ok' : 'away';
  const isComplete = hasTemporal && cache !== 'away';
  const status = !hasDatabase ? 'unavailable' : isComplete ? 'ok' : 'degraded';
  return { status, database: hasDatabase ? 'ok' : 'away', temporal: hasTemporal ? 'ok' : 'away', cache };
}

/** The state of one of the program's workers, as Temporal's library names it. */
export type WorkerState = { queue: string; state: string };

/** `/health`: the process lives. */
export const livenessPage =
  (workers: () => WorkerState[]): Page =>
  async () =>
    json(200, { status: 'ok', workers: workers() });

/** `/ready`: every worker polls for work and the database answers; 503 otherwise. */
export const readinessPage =
  (workers: () => WorkerState[], database: Probe): Page =>
  async () => {
    const isRunning = workers().every(({ state }) => state === 'RUNNING');
    const hasDatabase = await answers(database);
    return json(isRunning && hasDatabase ? 200 : 503, { workers: workers(), database: hasDatabase });
  };

/** Whether the part answers within a second. Any error means that it does not. */
function answers(probe: Probe): Promise<boolean> {
  const inTime = probe().then(
    () => true,
    () => false,
  );
  return pTimeout(inTime, { milliseconds: probeMs, fallback: () => false });
}
