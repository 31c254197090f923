import { cancellationSignal } from '@temporalio/activity';
import type { FairSemaphore, PermitOwner } from '../../concurrency/fair-semaphore.ts';
import { check } from '../../domain/check.ts';
import { bankOf } from '../../domain/destination.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Rail } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Conclusion } from '../../ledger/transfers/conclude.ts';
import type { TransferSnapshot } from '../../ledger/worker-reads/snapshot.ts';
import type { InquireInput, InquireResult } from '../../workflows/contract/steps.ts';
import { concludeWithRetries } from './conclude-with-retries.ts';

export type InquireDeps = {
  ledger: Pick<Ledger, 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  rail: Rail;
  /** Inquiries have a semaphore of their own, so that they do not crowd out sends. */
  semaphore: FairSemaphore;
  /** Aborted when this process stops: waits for a permit end. */
  stopping: AbortSignal;
};

/** Asks the rail for the outcome of an unknown transfer, writes the answer to the ledger, and returns when the next inquiry is due. The row decides when that is. */
export const inquire =
  (deps: InquireDeps) =>
  async ({ transferId }: InquireInput): Promise<InquireResult> => {
    const { rail, semaphore } = deps;
    const conclude = concludeWithRetries(deps.ledger);
    const first = await readOne(deps, transferId);
    if (!isDue(first)) return toResult(first, null);
    const owner = { tenantId: first.tenantId, part: bankOf(first.attempt.destination) };
    const isFree = semaphore.tryAcquire(owner);
    if (!isFree && !(await waitForPermit(deps, owner))) {
      // The row says when it is asked next, and a person is called by its age, also while there is no permit to ask.
      return toResult(await conclude({ transferId, source: 'sweep', outcome: 'not_asked' }), null);
    }
    try {
      // While it waited for its permit the row may have gone on.
      const now = isFree ? first : await readOne(deps, transferId);
      if (!isDue(now)) return toResult(now, null);
      const finding = await rail.inquire(now.attempt, { timeoutMs: rail.terms.requestTimeoutMs });
      // "Absent" proves something only when it was asked late enough: the ledger judges that by its own clock.
      const conclusion = await conclude({ transferId, source: 'inquiry', askedAt: now.now, ...finding });
      return toResult(conclusion, `${finding.outcome} (${finding.code})`);
    } finally {
      semaphore.release(owner);
    }
  };

/** Waits as long as one request may take: a longer wait means that many are ahead. */
function waitForPermit({ rail, semaphore, stopping }: InquireDeps, owner: PermitOwner): Promise<boolean> {
  const timeIsUp = AbortSignal.timeout(rail.terms.requestTimeoutMs);
  return semaphore.acquire(owner, AbortSignal.any([timeIsUp, cancellationSignal(), stopping]));
}

const isDue = ({ state, waitMs }: Waiting): boolean => state === 'unknown' && waitMs === 0;

async function readOne({ readSnapshots }: InquireDeps, id: Uuid): Promise<Waiting> {
  const [row] = await readSnapshots([id]);
  check(row?.attempt, `transfer ${id} has no row or no attempt`);
  return { ...row, attempt: row.attempt };
}

type Waiting = TransferSnapshot & { attempt: NonNullable<TransferSnapshot['attempt']> };

const toResult = (
  { state, attention, waitMs }: Pick<Conclusion, 'state' | 'attention' | 'waitMs'>,
  reply: string | null,
): InquireResult => ({ state, attention, waitMs: waitMs ?? 0, reply });
