import type { Backlog } from '../../ledger/upkeep/backlog.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { StorageWatch } from './storage-watch.ts';

export type AlarmLateDeps = {
  /** Whether this process has an object store: without one nothing is made. */
  hasStorage: boolean;
  /** What this process has seen of the object store. */
  storage: Pick<StorageWatch, 'look'>;
  alarms: Alarms;
};

const lateLimits = {
  // A hundred thousand statements are made within minutes.
  monthMs: 21_600_000,
  // A person who asks for one waits for seconds.
  requestMs: 900_000,
} as const;

/** Raises the alarms of what waits: for a person, for an object store, or for too long. */
export function alarmLate(found: Backlog['statements'], { alarms, hasStorage, storage }: AlarmLateDeps): void {
  const { waiting, attention, monthMs, requestMs } = found;
  storage.look(waiting);
  if (attention > 0) alarms.raise('statement_needs_attention', { attention });
  if (!hasStorage && waiting > 0) alarms.raise('storage_missing', { waiting });
  if (monthMs > lateLimits.monthMs || requestMs > lateLimits.requestMs)
    alarms.raise('statements_late', { waiting, attention, monthMs, requestMs });
}
