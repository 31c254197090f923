import type { TakenStatement } from '../../ledger/statements/take.ts';
import { type FinishTools, finishOne, giveBack } from './finish.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { Tally } from './tally.ts';

/** `leaseMs`: for how long the statements were taken. */
export type InTurnTools = FinishTools & { storage: Pick<StorageWatch, 'isAway'>; leaseMs: number };

/** One begins within this part of the lease, so that the rest of it is long enough for the largest one. */
const beginsWithin = 1 / 5;

/**
 * Makes statements that were just taken, one after the other. The first always begins; one behind a large one that would begin late is given back, or another
 * worker could take it in the middle. Whatever ends it, what was not finished can be taken at once: nobody waits for the end of a lease.
 */
export async function finishInTurn(taken: readonly TakenStatement[], tools: InTurnTools, tally: Tally): Promise<void> {
  const left = new Set(taken);
  const beginUntil = performance.now() + tools.leaseMs * beginsWithin;
  try {
    for (const statement of taken) {
      if (tools.signal.aborted || tools.storage.isAway() || performance.now() > beginUntil) return;
      tally.count(await finishOne(statement, tools));
      left.delete(statement);
    }
  } finally {
    await Promise.allSettled([...left].map((statement) => giveBack(statement, tools)));
  }
}
