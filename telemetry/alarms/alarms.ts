import { Counter, type Registry } from 'prom-client';
import type { Log } from '../../config/log.ts';
import { type AlarmName, type AlarmRow, alarmsMetric, alarmTable } from './table.ts';

/** Raises alarms: the one way to do so. */
export type Alarms = {
  /**
   * Writes the line of an alarm with its facts, and counts it. One that describes a lasting state is written once a minute for
   * each `about` (a rail, a queue), however often it is raised. Never throws.
   */
  raise(what: AlarmName, facts?: Readonly<Record<string, unknown>>, about?: string): void;
};

/** How often the line of a lasting state is repeated. */
const repeatMs = 60_000;
/** States that are remembered; a further one is written each time that it is raised. */
const statesMax = 1_000;

/** Alarms of one program. `registry` gets their counter, with every name at 0, so that an increase is seen from the first on. */
export function createAlarms({ log, registry }: { log: Pick<Log, 'error'>; registry?: Registry }): Alarms {
  const counter = registry && createCounter(registry);
  const writtenAt = new Map<string, number>();
  return {
    raise: (what, facts = {}, about = '') => {
      const row: AlarmRow = alarmTable[what];
      if (row.isLevel && !isTime(writtenAt, `${what} ${about}`)) return;
      counter?.inc({ what });
      log.error({ alarm: what, ...facts }, `ALARM: ${row.sentence}`);
    },
  };
}

function createCounter(registry: Registry): Counter<'what'> {
  const counter = new Counter({
    name: alarmsMetric,
    help: 'Alarms by their name (docs/alarms.md).',
    labelNames: ['what'],
    registers: [registry],
  });
  for (const what of Object.keys(alarmTable)) counter.inc({ what }, 0);
  return counter;
}

function isTime(writtenAt: Map<string, number>, state: string): boolean {
  const now = performance.now();
  if (now - (writtenAt.get(state) ?? Number.NEGATIVE_INFINITY) < repeatMs) return false;
  writtenAt.delete(state);
  if (writtenAt.size < statesMax) writtenAt.set(state, now);
  return true;
}
