import type { Registry } from 'prom-client';
import type { Alarms } from '../alarms/alarms.ts';
import type { AlarmName } from '../alarms/table.ts';
import { createGauges } from './gauges.ts';
import { type Expected, type Finding, judge, limits, type Reading } from './judge.ts';
import { judgeVersions } from './versions.ts';
import { createOutage, createWatch } from './watch.ts';

/** The platform as one process sees it. `unknown`: it could not be read. */
export type PlatformState = {
  workers: Readonly<Record<string, 'ok' | 'away' | 'unknown'>>;
  sweep: 'ok' | 'late' | 'unknown';
  /** Whether somebody looks for statements that are due. */
  statements: 'ok' | 'late' | 'unknown';
  /** Whether somebody archives what is committed. */
  archive: 'ok' | 'late' | 'unknown';
  clock: 'ok' | 'differs' | 'unknown';
  /** `not_routed`: a queue has workers, and Temporal gives its work to a version that has none. */
  versions: 'ok' | 'not_routed' | 'unknown';
};

/** Looks after the platform from inside a process that is not the one that failed. */
export type Monitor = {
  /** The state by a look that is at most a second old. Never throws. */
  state(): Promise<PlatformState>;
  /** How far the database's clock is ahead of ours, in milliseconds, as last measured; 0 before that. */
  clockMs(): number;
  end(): void;
};

export type MonitorDeps = {
  read: () => Promise<Reading>;
  /** Throws when Temporal does not answer. */
  askTemporal: () => Promise<unknown>;
  /** Which versions of the workers get work from each queue. Throws when Temporal does not answer. */
  readRouting?: () => Promise<Routing>;
  expected: Expected;
  alarms: Alarms;
  registry: Registry;
  terms?: MonitorTerms;
};

type Routing = Parameters<typeof judgeVersions>[0];

/** Milliseconds. */
export type MonitorTerms = {
  /** How often a monitor looks. */
  lookEveryMs: number;
  /** A server that did not answer for this long raises an alarm. */
  awayMs: number;
};

const defaultTerms: MonitorTerms = { lookEveryMs: 10_000, awayMs: 25_000 };

/**
 * Reads every ten seconds who is at work, sets gauges, and raises an alarm for what is missing. Every process of API and workers
 * has one, so that each process that is left raises the alarm. Nothing is late because of a time in which this process did not look, or could not:
 * so neither a start after a pause nor the end of an outage raises an alarm.
 */
export function startMonitor({ terms = defaultTerms, ...deps }: MonitorDeps): Monitor {
  const { look, clockMs } = createLook({ ...deps, terms });
  let kept: { state: PlatformState; at: number } | null = null;
  let looking: Promise<PlatformState> | null = null;
  const lookOnce = (): Promise<PlatformState> =>
    (looking ??= look()
      .then((state) => {
        kept = { state, at: performance.now() };
        return state;
      })
      .finally(() => {
        looking = null;
      }));
  void lookOnce();
  const timer = setInterval(() => void lookOnce(), terms.lookEveryMs).unref();
  return {
    state: async () => (kept && performance.now() - kept.at < 1_000 ? kept.state : await lookOnce()),
    clockMs,
    end: () => clearInterval(timer),
  };
}

/** One look. It never throws. */
function createLook(deps: MonitorDeps & { terms: MonitorTerms }) {
  const { read, askTemporal, readRouting = async () => ({}), expected, alarms, registry, terms } = deps;
  const gauges = createGauges(registry);
  const outageOf = (alarm: AlarmName) =>
    createOutage((forMs, err) => {
      if (forMs >= terms.awayMs) alarms.raise(alarm, { forMs, err });
    });
  const [database, temporal] = [outageOf('database_away'), outageOf('temporal_away')];
  const watch = createWatch(3 * terms.lookEveryMs);
  /** Without Temporal nothing periodic can run, and that has an alarm of its own. */
  const runsWatch = createWatch(3 * terms.lookEveryMs);
  const watched = { database: 0, runs: 0 };
  let before: readonly Finding[] = [];
  let lastClockMs = 0;
  let routing: Routing = {};

  const lookAtTemporal = async (): Promise<void> => {
    const answer = await temporal.ask(async () => {
      await askTemporal();
      return await readRouting();
    });
    watched.runs = answer ? runsWatch.look() : runsWatch.reset();
    routing = answer?.value ?? {};
    gauges.temporalUp.set(answer ? 1 : 0);
  };

  const look = async (): Promise<PlatformState> => {
    // Not waited for: the state is the database's.
    void lookAtTemporal();
    const answer = await database.ask(() => readWithClock(read));
    watched.database = answer ? watch.look() : watch.reset();
    if (answer === null) return toState(null, expected);
    const { reading, clockMs } = answer.value;
    const findings = [
      ...judge(reading, expected, clockMs),
      ...judgeVersions(routing, reading.queueAgesMs, limits.workerGoneMs),
    ];
    for (const finding of findings)
      if (isCertain(finding, { expected, watched, before })) alarms.raise(finding.alarm, finding.facts, finding.about);
    before = findings;
    lastClockMs = clockMs;
    gauges.set(reading, clockMs);
    return toState(findings, expected);
  };
  return { look, clockMs: () => lastClockMs };
}

type Looks = { expected: Expected; watched: { database: number; runs: number }; before: readonly Finding[] };

/** Whether a finding is an alarm: it lasted long enough while we looked. What has no age must be found by two looks. */
function isCertain({ alarm, about, forMs }: Finding, { expected, watched, before }: Looks): boolean {
  const limitMs = ageLimitOf(alarm, about, expected);
  if (limitMs === null) return before.some((found) => found.alarm === alarm && found.about === about);
  const watchedMs = needsTemporal(alarm) ? Math.min(watched.database, watched.runs) : watched.database;
  return Math.min(forMs ?? Number.POSITIVE_INFINITY, watchedMs) > limitMs;
}

/** What only happens while Temporal is there. */
const needsTemporal = (alarm: AlarmName): boolean => withTemporal.includes(alarm);

const withTemporal: readonly AlarmName[] = [
  ...(['sweep_late', 'dispatcher_late', 'transfers_overdue', 'hold_expiry_late', 'holds_overdue'] as const),
  ...(['statement_runs_late', 'archive_late'] as const),
];

function ageLimitOf(alarm: AlarmName, about: string, { runs }: Expected): number | null {
  if (alarm === 'workers_missing') return limits.workerGoneMs;
  if (alarm === 'probe_late') return limits.probeLateMs;
  if (alarm === 'transfers_overdue') return limits.overdueMs;
  if (alarm === 'holds_overdue') return limits.holdsLateMs;
  return runs[about] ?? null;
}

function toState(findings: readonly Finding[] | null, { queues }: Expected): PlatformState {
  const say = <T extends string>(bad: T, alarm: AlarmName, about?: string) => {
    if (findings === null) return 'unknown';
    return findings.some((found) => found.alarm === alarm && (about === undefined || found.about === about))
      ? bad
      : 'ok';
  };
  return {
    workers: Object.fromEntries(queues.map((queue) => [queue, say('away', 'workers_missing', queue)])),
    sweep: say('late', 'sweep_late'),
    statements: say('late', 'statement_runs_late'),
    archive: say('late', 'archive_late'),
    clock: say('differs', 'clocks_differ'),
    versions: say('not_routed', 'version_not_routed'),
  };
}

/** How far the database's clock is ahead of ours, as far as the time that its answer took can prove. */
async function readWithClock(read: () => Promise<Reading>): Promise<{ reading: Reading; clockMs: number }> {
  const startedAt = Date.now();
  const started = performance.now();
  const reading = await read();
  const tookMs = performance.now() - started;
  const aheadMs = reading.nowMs - (startedAt + tookMs / 2);
  const provenMs = Math.max(Math.abs(aheadMs) - tookMs / 2 - 1, 0);
  return { reading, clockMs: Math.round(Math.sign(aheadMs) * provenMs) };
}
