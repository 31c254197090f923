import type { StorageFault } from '../../storage/fault.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { StatementTerms } from './terms.ts';

/** What a process has seen of the object store, over all of its steps. */
export type StorageWatch = {
  /** A statement was kept. */
  works(): void;
  failed(fault: StorageFault): void;
  /** It failed so often in a row that nothing more is tried for a while: a hundred thousand statements would be put off one by one. */
  isAway(): boolean;
  /**
   * Raises the alarm while nothing was kept since and statements are `waiting`. When none is, other processes have kept them all, and what
   * this one saw no longer says anything.
   */
  look(waiting: number): void;
};

export function createStorageWatch({ alarms, terms }: { alarms: Alarms; terms: StatementTerms }): StorageWatch {
  let faultsInRow = 0;
  let last: StorageFault | null = null;
  let awayUntil = 0;
  const raise = (): void => {
    if (last && faultsInRow >= terms.storageFaultsMax) alarms.raise('storage_away', { code: last.code, err: last });
  };
  const works = (): void => {
    faultsInRow = 0;
    awayUntil = 0;
  };
  return {
    works,
    failed: (fault) => {
      faultsInRow += 1;
      last = fault;
      if (faultsInRow >= terms.storageFaultsMax) awayUntil = performance.now() + terms.storageRetryMs;
      raise();
    },
    isAway: () => performance.now() < awayUntil,
    look: (waiting) => (waiting > 0 ? raise() : works()),
  };
}
