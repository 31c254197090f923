import pTimeout from 'p-timeout';
import type { PlatformState } from './monitor/monitor.ts';
import { json, type Page } from './server.ts';

/** Whether a part of the platform works. Throws when it does not answer. */
export type Probe<T = unknown> = () => Promise<T>;

/** What a database does: one that answers may be a standby, or set to take no writes. */
export type DatabaseState = 'ok' | 'read_only';

/** The dependencies of a program. `cache` is null when the platform runs without one; false when it refuses writes. */
export type Parts = {
  database: Probe<DatabaseState>;
  temporal: Probe;
  cache: Probe<boolean> | null;
  /** How the standby for readers is; null when there is none. */
  standby: (() => 'ok' | 'behind' | 'away') | null;
  /** Whether there is an object store, without which no statement is made. */
  hasStorage: boolean;
  /** Whether the groups of this process were answered lately. */
  isIntakeAnswered: () => boolean;
  platform: Probe<PlatformState>;
};

/** The health of the platform as the API sees it, for a load balancer and for operators. */
export type Health = {
  status: 'ok' | 'degraded' | 'unavailable';
  database: DatabaseState | 'away';
  temporal: 'ok' | 'away';
  cache: 'ok' | 'none' | 'away';
  /** `behind`, `away`: reads go to the primary. */
  standby: 'ok' | 'none' | 'behind' | 'away';
  /** `none`: statements wait until there is an object store. */
  storage: 'configured' | 'none';
  /** `unanswered`: the last groups of this process got no answer, so creating a transfer is refused. */
  intake: 'ok' | 'unanswered';
} & PlatformState;

const unknownPlatform: PlatformState = {
  workers: {},
  sweep: 'unknown',
  statements: 'unknown',
  archive: 'unknown',
  clock: 'unknown',
  versions: 'unknown',
};

/** A load balancer asks every few seconds; a slower answer counts as none. */
const probeMs = 1_000;
/** The address is public, so the answer is cached for a moment. */
const keepMs = 1_000;

/**
 * Checks the parts. Without the database nothing can be answered: `unavailable`. Without another part reads work, and creating a
 * transfer is refused, or its transfer waits: `degraded`, and still in service.
 */
export function createHealth(parts: Parts): () => Promise<Health> {
  return keptFor(keepMs, () => examine(parts));
}

async function examine({
  database,
  temporal,
  cache,
  standby,
  hasStorage,
  isIntakeAnswered,
  platform,
}: Parts): Promise<Health> {
  const [foundDatabase, hasTemporal, hasCache, state] = await Promise.all([
    answerOf(database),
    answerOf(temporal),
    cache && answerOf(cache),
    answerOf(platform),
  ]);
  const found = {
    database: foundDatabase?.value ?? 'away',
    temporal: hasTemporal === null ? 'away' : 'ok',
    cache: cache === null ? 'none' : hasCache?.value ? 'ok' : 'away',
    standby: standby?.() ?? 'none',
    storage: hasStorage ? 'configured' : 'none',
    intake: isIntakeAnswered() ? 'ok' : 'unanswered',
    ...(state?.value ?? unknownPlatform),
  } as const;
  const { workers, ...flat } = found;
  const isComplete = [...Object.values(flat), ...Object.values(workers)].every((word) =>
    /^(ok|configured|none)$/.test(word),
  );
  return { status: foundDatabase === null ? 'unavailable' : isComplete ? 'ok' : 'degraded', ...found };
}

/** The state of one of the program's workers, as Temporal's library names it. */
export type WorkerState = { queue: string; state: string };

/** `/health` of a worker process: the process lives. */
export const livenessPage =
  (workers: () => WorkerState[]): Page =>
  async () =>
    json(200, { status: 'ok', workers: workers() });

/** `/ready`: every worker polls for work, the database takes writes and Temporal answers; 503 otherwise. */
export function readinessPage(
  workers: () => WorkerState[],
  { database, temporal }: Pick<Parts, 'database' | 'temporal'>,
): Page {
  const examineBoth = keptFor(keepMs, () => Promise.all([answerOf(database), answerOf(temporal)]));
  return async () => {
    const [foundDatabase, hasTemporal] = await examineBoth();
    const found = { database: foundDatabase?.value ?? 'away', temporal: hasTemporal === null ? 'away' : 'ok' };
    const isRunning = workers().every(({ state }) => state === 'RUNNING');
    const isReady = isRunning && found.database === 'ok' && found.temporal === 'ok';
    return json(isReady ? 200 : 503, { workers: workers(), ...found });
  };
}

/** What a part answers within a second, or null. Any error means that it does not answer. */
function answerOf<T>(probe: Probe<T>): Promise<{ value: T } | null> {
  const inTime = probe().then(
    (value) => ({ value }),
    () => null,
  );
  return pTimeout(inTime, { milliseconds: probeMs, fallback: () => null });
}

/** Asks once for all who ask within some time. */
function keptFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { answer: Promise<T>; until: number } | null = null;
  return () => {
    const now = performance.now();
    if (kept === null || kept.until <= now) kept = { answer: ask(), until: now + ms };
    return kept.answer;
  };
}
