import { cancellationSignal } from '@temporalio/activity';
import type { Semaphore } from '../../concurrency/semaphore.ts';
import { check } from '../../domain/check.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Rail, RailFinding } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Report } from '../../ledger/transfers/conclude.ts';
import type { TransferSnapshot } from '../../ledger/work/snapshot.ts';
import type { InquireInput, InquireResult } from '../../workflows/contract/steps.ts';
import { concludePatiently } from './conclude-patiently.ts';

export type InquireDeps = {
  ledger: Pick<Ledger, 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  rail: Rail;
  /** Inquiries have a semaphore of their own, so that they do not crowd out sends. */
  semaphore: Semaphore;
  /** Aborted when this process stops: waits for a permit end. */
  stopping: AbortSignal;
};

/** Asks the rail for the outcome of an unknown transfer, writes the answer to the ledger, and returns when the next inquiry is due. The row decides when that is. */
export const inquire =
  (deps: InquireDeps) =>
  async ({ transferId }: InquireInput): Promise<InquireResult> => {
    const { readSnapshots, rail, semaphore } = deps;
    const conclude = concludePatiently(deps.ledger);
    const row = await readOne(readSnapshots, transferId);
    if (!isDue(row)) return { ...toResult(row), reply: null };
    const hasPermit = semaphore.tryAcquire() || (await waitForPermit(deps));
    if (!hasPermit) {
      // The row has the time of the next inquiry, and sets attention by its age, also while there is no permit.
      const nextInMs = crowdedWaitMs(row, rail);
      await conclude({ transferId, source: 'sweep', outcome: 'unknown', nextInMs, giveUpMs: rail.terms.giveUpMs });
      return { ...toResult(await readOne(readSnapshots, transferId)), reply: null };
    }
    try {
      // The row may have changed while this waited for a permit.
      const before = await readOne(readSnapshots, transferId);
      if (!isDue(before)) return { ...toResult(before), reply: null };
      const finding = await rail.inquire(before.attempt, { timeoutMs: rail.terms.requestTimeoutMs });
      await conclude({ transferId, ...toReport(finding, before, rail) });
      const after = await readOne(readSnapshots, transferId);
      return { ...toResult(after), reply: `${finding.outcome} (${finding.code})` };
    } finally {
      semaphore.release(1);
    }
  };

/** Waits as long as one request may take: a longer wait means that many are ahead. */
async function waitForPermit({ rail, semaphore, stopping }: InquireDeps): Promise<boolean> {
  const timeIsUp = AbortSignal.timeout(rail.terms.requestTimeoutMs);
  return (await semaphore.acquire(1, AbortSignal.any([timeIsUp, cancellationSignal(), stopping]))) === 1;
}

const isDue = ({ state, waitMs }: Waiting): boolean => state === 'unknown' && waitMs === 0;

/** The wait after the next inquiry; it grows with each. */
const nextWaitMs = ({ attempt }: Waiting, { terms: { inquiryWaitsMs, retryMs } }: Rail): number =>
  inquiryWaitsMs[Math.min(attempt.inquiries + 1, inquiryWaitsMs.length - 1)] ?? retryMs;

/**
 * How long an inquiry without a permit waits. Its own wait, but never a short one: when one bank does not answer, thousands are
 * unknown at the same time, and their first waits would be thousands of steps a second that send no inquiry.
 */
function crowdedWaitMs(row: Waiting, rail: Rail): number {
  const { inquiryWaitsMs } = rail.terms;
  return Math.max(nextWaitMs(row, rail), inquiryWaitsMs[inquiryWaitsMs.length >> 1] ?? 0);
}

async function readOne(readSnapshots: InquireDeps['readSnapshots'], id: Uuid): Promise<Waiting> {
  const [row] = await readSnapshots([id]);
  check(row?.attempt, `transfer ${id} has no row or no attempt`);
  return { ...row, attempt: row.attempt, waitMs: row.waitMs ?? 0 };
}

type Waiting = TransferSnapshot & { attempt: NonNullable<TransferSnapshot['attempt']>; waitMs: number };

const toResult = ({ state, attention, waitMs }: Waiting) => ({ state, attention, waitMs });

/** "Absent" proves something only when the inquiry was late enough: the ledger judges that by its own clock, read before the inquiry was sent. */
function toReport(finding: RailFinding, before: Waiting, rail: Rail): Omit<Report, 'transferId'> {
  const { requestTimeoutMs, leaseMarginMs, quietPeriodMs, giveUpMs, deduplicatesMs, retryMs } = rail.terms;
  return {
    ...finding,
    source: 'inquiry',
    askedAt: before.now,
    nextInMs: nextWaitMs(before, rail),
    retryMs,
    quietMs: quietPeriodMs,
    leaseMs: requestTimeoutMs + leaseMarginMs,
    deduplicatesMs,
    giveUpMs,
  };
}
