import type { AlarmName } from '../alarms/table.ts';

/** What a monitor reads of the platform (ledger/upkeep/liveness.ts). Ages are milliseconds; null for what was never seen. */
export type Reading = {
  nowMs: number;
  isReadOnly: boolean;
  queueAgesMs: Readonly<Record<string, number | null>>;
  runAgesMs: Readonly<Record<string, number | null>>;
  rails: readonly RailReading[];
  monthsAhead: number;
  /** How late the oldest hold is that should have expired. */
  holdsLateMs: number;
  /** How old the oldest commit is that the feed of events does not show yet. */
  feedBehindMs: number;
};

/** `lateMs`: how late the oldest step of an open transfer is, by its state. */
export type RailReading = {
  name: string;
  breaker: 'open' | 'closed';
  isPaused: boolean;
  probeLateMs: number;
  lateMs: Readonly<Record<string, number>>;
};

/** What there should be, and how late it may be, in milliseconds. */
export type Expected = {
  /** Task queues that need a worker. */
  queues: readonly string[];
  /** Periodic work by its name: the longest time between two of its finishes. */
  runs: Readonly<Record<string, number>>;
};

/** One thing that is not as it should be. `forMs`: for how long; null where that is not known. */
export type Finding = {
  alarm: AlarmName;
  about: string;
  forMs: number | null;
  facts: Readonly<Record<string, unknown>>;
};

/** Limits of the rest, in milliseconds. */
export const limits = {
  // A worker says that it is there each five seconds.
  workerGoneMs: 25_000,
  // The probe of an open breaker is due within seconds.
  probeLateMs: 60_000,
  // A sweep repairs five hundred each twenty seconds: thousands that fell due in an outage are done by then.
  overdueMs: 300_000,
  // After a pause it looks for five minutes before it expires anything; ten thousand a look are done by then.
  holdsLateMs: 600_000,
  // The ledger refuses a transfer whose id was made a minute ahead of its clock, or five minutes behind.
  clockMs: 15_000,
  // The housekeeping makes three months; on the first of a month two are left until its next run.
  monthsAheadMin: 2,
  // Our own transactions end within seconds, by their timeouts.
  feedBehindMs: 45_000,
} as const;

/** `clockMs`: how far the database's clock is ahead of ours, at least; 0 when the measurement cannot tell. */
export function judge(reading: Reading, expected: Expected, clockMs: number): Finding[] {
  return [
    ...expected.queues.flatMap((queue) => workersOf(queue, reading.queueAgesMs[queue] ?? null)),
    ...Object.entries(expected.runs).flatMap(([work, limitMs]) =>
      runOf(work, reading.runAgesMs[work] ?? null, limitMs),
    ),
    ...reading.rails.flatMap(probeOf),
    ...reading.rails.flatMap(overdueOf),
    ...(Math.abs(clockMs) > limits.clockMs
      ? [{ alarm: 'clocks_differ', about: '', forMs: null, facts: { databaseIsAheadMs: clockMs } } as const]
      : []),
    ...(reading.holdsLateMs > limits.holdsLateMs
      ? [
          {
            alarm: 'holds_overdue',
            about: '',
            forMs: reading.holdsLateMs,
            facts: { lateMs: reading.holdsLateMs },
          } as const,
        ]
      : []),
    ...(reading.isReadOnly ? [{ alarm: 'database_read_only', about: '', forMs: null, facts: {} } as const] : []),
    ...(reading.monthsAhead < limits.monthsAheadMin
      ? [{ alarm: 'partitions_missing', about: '', forMs: null, facts: { monthsAhead: reading.monthsAhead } } as const]
      : []),
    ...feedOf(reading.feedBehindMs),
  ];
}

/** Never seen counts as gone since always; the caller bounds it by how long it has looked. */
function workersOf(queue: string, ageMs: number | null): Finding[] {
  if (ageMs !== null && ageMs <= limits.workerGoneMs) return [];
  return [{ alarm: 'workers_missing', about: queue, forMs: ageMs, facts: { queue, seenMsAgo: ageMs } }];
}

function runOf(work: string, ageMs: number | null, limitMs: number): Finding[] {
  if (ageMs !== null && ageMs <= limitMs) return [];
  const alarm = runAlarms[work] ?? 'dispatcher_late';
  return [{ alarm, about: work, forMs: ageMs, facts: { work, finishedMsAgo: ageMs } }];
}

/** The alarm of each piece of work that is no dispatcher. */
const runAlarms: Readonly<Record<string, AlarmName>> = {
  sweep: 'sweep_late',
  hold_expiry: 'hold_expiry_late',
  statements: 'statement_runs_late',
  archive: 'archive_late',
};

function overdueOf({ name: rail, lateMs }: RailReading): Finding[] {
  return Object.entries(lateMs)
    .filter(([, ms]) => ms > limits.overdueMs)
    .map(
      ([state, forMs]) =>
        ({
          ...{ alarm: 'transfers_overdue', about: `${rail} ${state}`, forMs },
          facts: { rail, state, lateMs: forMs },
        }) as const,
    );
}

function probeOf({ name, probeLateMs }: RailReading): Finding[] {
  if (probeLateMs <= limits.probeLateMs) return [];
  return [{ alarm: 'probe_late', about: name, forMs: probeLateMs, facts: { rail: name, lateMs: probeLateMs } }];
}

function feedOf(behindMs: number): Finding[] {
  if (behindMs <= limits.feedBehindMs) return [];
  return [{ alarm: 'feed_behind', about: '', forMs: behindMs, facts: { behindMs } }];
}
