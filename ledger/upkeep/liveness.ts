import type pg from 'pg';
import { call } from '../call.ts';

/** Who is at work, by the database. Ages are milliseconds by its clock; null for what was never seen. */
export type Liveness = {
  /** The database's clock, milliseconds since 1970. */
  nowMs: number;
  /** Whether nothing can be written on this connection: a standby, or a database that was set so. */
  isReadOnly: boolean;
  /** How long ago a worker of each task queue last said that it takes work. */
  queueAgesMs: Readonly<Record<string, number | null>>;
  /** How long ago each piece of periodic work last finished. */
  runAgesMs: Readonly<Record<string, number | null>>;
  /** `probeLateMs`: how long the probe of an open breaker is late although something waits for it. `lateMs`: how late the oldest step is. */
  rails: readonly {
    name: string;
    breaker: 'open' | 'closed';
    isPaused: boolean;
    probeLateMs: number;
    lateMs: Lateness;
  }[];
  /** Coming months that have their partitions, 3 at most; -1 when this month itself has not. */
  monthsAhead: number;
  /** How old the oldest commit is that the feed of events does not show yet: a transaction that began before it is still open. */
  feedBehindMs: number;
  /** How late the oldest client's hold is that should have expired; 0 when none is. */
  holdsLateMs: number;
};

/** By state: of a send whose answer should be there, and of an inquiry. */
export type Lateness = { submitting: number; unknown: number };

/** Reads a few rows, however large the ledger is. For a login of the API or of a worker. */
export async function readLiveness(pool: pg.Pool): Promise<Liveness> {
  const row = await call<Row>(pool, 'select ledger.liveness() as answer', []);
  return {
    nowMs: row.now_ms,
    isReadOnly: row.is_read_only,
    queueAgesMs: row.queues,
    runAgesMs: row.runs,
    rails: row.rails.map(({ name, breaker, is_paused, probe_late_ms, submitting_late_ms, unknown_late_ms }) => ({
      name,
      breaker,
      isPaused: is_paused,
      probeLateMs: probe_late_ms,
      lateMs: { submitting: submitting_late_ms, unknown: unknown_late_ms },
    })),
    monthsAhead: row.months_ahead,
    feedBehindMs: row.feed_behind_ms,
    // A database of the release before does not say it.
    holdsLateMs: row.holds_late_ms ?? 0,
  };
}

type Row = {
  now_ms: number;
  is_read_only: boolean;
  queues: Record<string, number | null>;
  runs: Record<string, number | null>;
  rails: {
    name: string;
    breaker: 'open' | 'closed';
    is_paused: boolean;
    probe_late_ms: number;
    submitting_late_ms: number;
    unknown_late_ms: number;
  }[];
  months_ahead: number;
  feed_behind_ms: number;
  holds_late_ms?: number;
};
