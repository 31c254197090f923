import type pg from 'pg';
import type { Reader } from '../../drizzle/client.ts';
import { readPrimaryPosition, readStandbyPosition } from '../../ledger/read/standby.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import { createBoundedReader } from '../bounded-reader.ts';
import type { ClientVersions } from '../http/ledger-token.ts';
import type { Metrics } from '../metrics.ts';
import { createStandbyReader } from './reader.ts';
import { followUsability } from './usability.ts';
import { type StandbyState, watchStandby } from './watch.ts';

/** A standby for readers, with its watch. */
export type Standby = {
  lagging: (versions: ClientVersions) => Reader;
  state: () => StandbyState;
  end(): void;
};

export type StandbyOptions = {
  /** Connections of which nobody waits for a lock. */
  checks: pg.Pool;
  /** Reads on the standby, and a connection to it for the watch. */
  standby: Reader;
  looks: pg.Pool;
  primary: Reader;
  lagMaxMs: number;
  /** How long a read waits for the standby, where that is not the usual time. */
  waitMs?: number;
  metrics: Pick<Metrics, 'reads' | 'standbyUsable'>;
  alarms: Alarms;
};

/** Starts to watch a standby, and reads there what may lag while it is usable. */
export function openStandby(options: StandbyOptions): Standby {
  const { checks, standby, looks, primary, lagMaxMs, waitMs, metrics, alarms } = options;
  const follow = followUsability((facts) => alarms.raise('standby_unusable', facts));
  const onState = (state: StandbyState): void => {
    metrics.standbyUsable.set(state === 'ok' ? 1 : 0);
    follow(state);
  };
  const watch = watchStandby({
    readPrimary: () => readPrimaryPosition(checks),
    readStandby: () => readStandbyPosition(looks),
    onState,
    lagMaxMs,
  });
  const lagging = createStandbyReader({
    primary,
    standby: createBoundedReader(standby),
    watch,
    count: (place, reason) => metrics.reads.inc({ place, reason }),
    ...(waitMs !== undefined && { waitMs }),
  });
  return { lagging, state: watch.state, end: watch.end };
}
