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
  /** Inquiries have one of their own, so that many doubts do not keep out the sends. */
  semaphore: Semaphore;
  /** Aborted when this process goes down: nobody waits for a permit any more. */
  stopping: AbortSignal;
};

/** Asks the rail for the outcome of an unknown transfer, writes the answer to the ledger, and says when to ask next. The row decides when it is time. */
export const inquire =
  (deps: InquireDeps) =>
  async ({ transferId }: InquireInput): Promise<InquireResult> => {
    const { readSnapshots, rail, semaphore } = deps;
    const conclude = concludePatiently(deps.ledger);
    const seen = await readOne(readSnapshots, transferId);
    if (!isDue(seen)) return { ...toResult(seen), reply: null };
    const hasPermit = semaphore.tryAcquire() || (await waitForPermit(deps));
    if (!hasPermit) {
      // The row says when it is asked next, and a person is called by its age, also while there is no permit to ask.
      const nextInMs = crowdedWaitMs(seen, rail);
      await conclude({ transferId, source: 'sweep', outcome: 'unknown', nextInMs, giveUpMs: rail.terms.giveUpMs });
      return { ...toResult(await readOne(readSnapshots, transferId)), reply: null };
    }
    try {
      // It may have waited for its permit, and the row may have gone on meanwhile.
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

/** Waits as long as one request may take: whoever is not served in that time stood far behind. */
async function waitForPermit({ rail, semaphore, stopping }: InquireDeps): Promise<boolean> {
  const timeIsUp = AbortSignal.timeout(rail.terms.requestTimeoutMs);
  return (await semaphore.acquire(1, AbortSignal.any([timeIsUp, cancellationSignal(), stopping]))) === 1;
}

const isDue = ({ state, waitMs }: Waiting): boolean => state === 'unknown' && waitMs === 0;

/** The wait after the next inquiry; it grows with each. */
const nextWaitMs = ({ attempt }: Waiting, { terms: { inquiryWaitsMs, retryMs } }: Rail): number =>
  inquiryWaitsMs[Math.min(attempt.inquiries + 1, inquiryWaitsMs.length - 1)] ?? retryMs;

/**
 * How long one waits that got no permit. Its own wait, but never a short one: when one bank is silent, thousands are in
 * doubt at once, and the first waits of all of them would be thousands of steps a second that ask nobody anything.
 */
function crowdedWaitMs(seen: Waiting, rail: Rail): number {
  const { inquiryWaitsMs } = rail.terms;
  return Math.max(nextWaitMs(seen, rail), inquiryWaitsMs[inquiryWaitsMs.length >> 1] ?? 0);
}

async function readOne(readSnapshots: InquireDeps['readSnapshots'], id: Uuid): Promise<Waiting> {
  const [row] = await readSnapshots([id]);
  check(row?.attempt, `transfer ${id} has no row or no attempt`);
  return { ...row, attempt: row.attempt, waitMs: row.waitMs ?? 0 };
}

type Waiting = TransferSnapshot & { attempt: NonNullable<TransferSnapshot['attempt']>; waitMs: number };

const toResult = ({ state, attention, waitMs }: Waiting) => ({ state, attention, waitMs });

/** "Not there" proves something only when it was asked late enough: the ledger judges that by its own clock, read before the question left. */
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
