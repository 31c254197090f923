import { Gauge, type Registry } from 'prom-client';
import type { Reading } from './judge.ts';

/** The gauges of a monitor. What was never seen has none. */
export type Gauges = { set: (reading: Reading, clockMs: number) => void; temporalUp: Gauge };

export function createGauges(registry: Registry): Gauges {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const clock = gauge('quittance_clock_difference_seconds', "How far the database's clock is ahead of this process's.");
  const readOnly = gauge('quittance_database_read_only', '1 while the database takes no writes.');
  const workers = gauge(
    'quittance_worker_seen_age_seconds',
    'Since a worker of the queue last said that it works.',
    'queue',
  );
  const versions = gauge(
    'quittance_worker_version_seen_age_seconds',
    'Since a worker of this build last said that it serves the queue. Empty build: workers without a version.',
    'queue',
    'build',
  );
  const runs = gauge('quittance_run_age_seconds', 'Since a piece of periodic work last finished.', 'work');
  const open = gauge('quittance_rail_breaker_open', '1 while the breaker of the rail is open.', 'rail');
  const paused = gauge('quittance_rail_paused', '1 while an operator pauses the rail.', 'rail');
  const probe = gauge('quittance_rail_probe_late_seconds', 'How late the probe of an open breaker is.', 'rail');
  const overdue = gauge(
    'quittance_transfers_oldest_overdue_seconds',
    'How late the oldest step of an open transfer is.',
    'rail',
    'state',
  );
  const months = gauge('quittance_partitions_months_ahead', 'Coming months that have their partitions, at most 3.');
  const feed = gauge(
    'quittance_feed_behind_seconds',
    'Age of the oldest commit that the feed of events does not show yet.',
  );
  const holds = gauge('quittance_holds_overdue_seconds', 'How late the oldest hold is that should have expired.');
  return {
    temporalUp: gauge('quittance_temporal_up', '1 while Temporal answers.'),
    set: (reading, clockMs) => {
      clock.set(clockMs / 1_000);
      readOnly.set(reading.isReadOnly ? 1 : 0);
      // Those that are forgotten have no figure any longer.
      versions.reset();
      for (const [name, ms] of ages(reading.queueAgesMs)) {
        const [queue = name, build] = name.split('@');
        if (build === undefined) workers.set({ queue }, ms / 1_000);
        else versions.set({ queue, build }, ms / 1_000);
      }
      for (const [work, ms] of ages(reading.runAgesMs)) runs.set({ work }, ms / 1_000);
      for (const { name: rail, breaker, isPaused, probeLateMs, lateMs } of reading.rails) {
        open.set({ rail }, breaker === 'open' ? 1 : 0);
        paused.set({ rail }, isPaused ? 1 : 0);
        probe.set({ rail }, probeLateMs / 1_000);
        for (const [state, ms] of Object.entries(lateMs)) overdue.set({ rail, state }, ms / 1_000);
      }
      months.set(reading.monthsAhead);
      feed.set(reading.feedBehindMs / 1_000);
      holds.set(reading.holdsLateMs / 1_000);
    },
  };
}

const ages = (all: Readonly<Record<string, number | null>>): [string, number][] =>
  Object.entries(all).flatMap(([name, ms]) => (ms === null ? [] : [[name, ms]]));
