import { setTimeout as delay } from 'node:timers/promises';
import type { Deps, Probe } from '../api/deps.ts';

type Part = 'ok' | 'away';
/** What a load balancer and an operator want to know of a process. */
export type Health = {
  status: 'ok' | 'degraded' | 'unavailable';
  database: Part;
  temporal: Part;
  cache: 'ok' | 'none' | 'away';
};

const probeMs = 1_000;
/** The address is open to everybody, so the answer is kept for a moment. */
const keptMs = 1_000;

/**
 * Asks the parts. Without the database nothing can be answered truthfully: `unavailable`. Without Temporal or the cache
 * reads go on, and creating a transfer says `not_attempted`: `degraded`, and still in service.
 */
export function createHealth(probes: Deps['probes']): () => Promise<Health> {
  let kept: { health: Promise<Health>; until: number } | null = null;
  return () => {
    const now = performance.now();
    if (kept === null || kept.until <= now) kept = { health: ask(probes), until: now + keptMs };
    return kept.health;
  };
}

async function ask({ database, temporal, isCacheUp }: Deps['probes']): Promise<Health> {
  const [databasePart, temporalPart] = await Promise.all([answers(database), answers(temporal)]);
  const cache = isCacheUp === null ? 'none' : isCacheUp() ? 'ok' : 'away';
  const isWhole = temporalPart === 'ok' && cache !== 'away';
  const status = databasePart === 'away' ? 'unavailable' : isWhole ? 'ok' : 'degraded';
  return { status, database: databasePart, temporal: temporalPart, cache };
}

async function answers(probe: Probe): Promise<Part> {
  const stop = new AbortController();
  // Not answering, in whichever way, is the finding itself.
  const asked = probe().then(
    () => 'ok' as const,
    () => 'away' as const,
  );
  const late = delay(probeMs, 'away' as const, { signal: stop.signal }).catch(() => 'away' as const);
  const part = await Promise.race([asked, late]);
  stop.abort();
  return part;
}
