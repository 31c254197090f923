import { StorageFault } from '../../storage/fault.ts';
import type { Finish } from './finish.ts';
import type { StorageWatch } from './storage-watch.ts';

/** What one step has made so far. */
export type Tally = { count(finish: Finish): void; counts(): { made: number; putOff: number } };

/** Begins to count, and says to `storage` how the object store did. */
export function createTally(storage: StorageWatch): Tally {
  const made = { made: 0, putOff: 0 };
  return {
    count: (finish) => {
      if (finish === 'made') {
        made.made += 1;
        storage.works();
      } else if (finish !== 'givenBack') made.putOff += 1;
      if (finish instanceof StorageFault) storage.failed(finish);
    },
    counts: () => ({ ...made }),
  };
}
