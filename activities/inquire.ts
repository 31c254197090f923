import { check } from '../domain/check.ts';
import type { Uuid } from '../domain/ids.ts';
import type { NetworkName, Rail, RailFinding } from '../domain/rail.ts';
import type { TransferState } from '../domain/transfer.ts';
import type { Report } from '../ledger/conclude.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Standing } from '../ledger/read/standing.ts';
import type { Room } from './room.ts';

export type InquireInput = { transferId: Uuid; rail: NetworkName };

/**
 * Where an unknown transfer stands now. `said`: what the rail answered, or null when it was not asked (its time had not
 * come, or the row is no longer unknown). `waitMs`: how long until it should be asked next.
 */
export type Inquiry = { state: TransferState; attention: string | null; said: string | null; waitMs: number };

export type InquireDeps = {
  ledger: Pick<Ledger, 'conclude'>;
  readStanding: (ids: Uuid[]) => Promise<Standing[]>;
  rail: Rail;
  /** Inquiries have a room of their own, so that many doubts do not keep out the sends. */
  room: Room;
};

/** How long an inquiry waits that finds the room full. */
const fullPauseMs = 1_000;

/** Asks the rail what became of an unknown transfer, tells the ledger, and says when to ask next. The row decides when it is time. */
export async function inquire(
  { ledger, readStanding, rail, room }: InquireDeps,
  { transferId }: InquireInput,
): Promise<Inquiry> {
  const before = await readOne(readStanding, transferId);
  if (before.state !== 'unknown' || before.waitMs > 0) return { ...toInquiry(before), said: null };
  if (!room.takeNow()) return { ...toInquiry(before), said: null, waitMs: fullPauseMs };
  try {
    const finding = await rail.inquire(before.attempt, { timeoutMs: rail.terms.requestTimeoutMs });
    await ledger.conclude({ transferId, ...toReport(finding, before, rail) });
    const after = await readOne(readStanding, transferId);
    return { ...toInquiry(after), said: `${finding.outcome} (${finding.code})` };
  } finally {
    room.giveBack(1);
  }
}

async function readOne(readStanding: InquireDeps['readStanding'], id: Uuid): Promise<Waiting> {
  const [row] = await readStanding([id]);
  check(row?.attempt, `transfer ${id} has no row or no attempt`);
  return { ...row, attempt: row.attempt, waitMs: row.waitMs ?? 0 };
}

type Waiting = Standing & { attempt: NonNullable<Standing['attempt']>; waitMs: number };

const toInquiry = ({ state, attention, waitMs }: Waiting) => ({ state, attention, waitMs });

/** "Not there" proves something only when it was asked late enough: the ledger judges that by its own clock, read before the question left. */
function toReport(finding: RailFinding, before: Waiting, { terms }: Rail): Omit<Report, 'transferId'> {
  const { inquiryWaitsMs, retryMs, requestTimeoutMs, leaseMarginMs, quietPeriodMs, giveUpMs, deduplicatesMs } = terms;
  return {
    ...finding,
    source: 'inquiry',
    askedAt: before.now,
    nextInMs: inquiryWaitsMs[Math.min(before.attempt.inquiries + 1, inquiryWaitsMs.length - 1)] ?? retryMs,
    quietMs: quietPeriodMs,
    leaseMs: requestTimeoutMs + leaseMarginMs,
    deduplicatesMs,
    giveUpMs,
  };
}
