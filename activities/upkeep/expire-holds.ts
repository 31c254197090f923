import type { DuePlace } from '../../ledger/holds/expire.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Waits } from '../../workflows/contract/waits.ts';

/** Holds of one call. */
const holdsAtOnce = 500;
/** Calls of one look: ten thousand holds. The next look, seconds later, goes on. */
const callsMax = 20;

/**
 * Expires clients' holds whose time has come, oldest first, and notes that it has looked. The note is also what the ledger relies on
 * before it expires anything: that looks went on for a while, on a clock that did not jump (docs/adr/0036). Returns how many.
 */
export async function expireDueHolds(
  { ledger }: { ledger: Pick<Ledger, 'expireHolds' | 'noteRun'> },
  { sweepEveryMs }: Pick<Waits, 'sweepEveryMs'>,
): Promise<number> {
  let count = 0;
  let after: DuePlace | null = null;
  for (let n = 0; n < callsMax; n += 1) {
    // In order: each call begins where the last one ended.
    const found = await ledger.expireHolds({ after, limit: holdsAtOnce, clock: new Date() });
    count += found.count;
    after = found.last;
    if (after === null) break;
  }
  await ledger.noteRun({ name: 'hold_expiry', gapMs: Math.min(3 * sweepEveryMs, gapMaxMs) });
  return count;
}

/** After a longer gap between two looks the steady time begins again. The ledger has the same bound. */
const gapMaxMs = 120_000;
