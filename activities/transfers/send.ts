import { setTimeout as sleep } from 'node:timers/promises';
import type { FairSemaphore } from '../../concurrency/fair-semaphore.ts';
import { bankOf } from '../../domain/destination.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Rail, RailAnswer } from '../../domain/rail.ts';
import { isPoison } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Grant, GrantRefusal } from '../../ledger/transfers/claim.ts';
import type { Report } from '../../ledger/transfers/conclude.ts';
import type { TransferSnapshot } from '../../ledger/worker-reads/snapshot.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import { atOnce, putMembersOff } from './put-off.ts';
import type { RailObserver } from './rail-observer.ts';

export type SubmitDeps = {
  ledger: Pick<Ledger, 'claim' | 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  rail: Rail;
  /** Shared by every group of this process. */
  semaphore: FairSemaphore;
  observer: RailObserver;
  /** Aborted when this process stops: no new sends, those in flight are finished and written, the rest is put off. */
  stopping: AbortSignal;
  alarms: Alarms;
};

/** What one execution of `submit` works with. */
export type Sending = SubmitDeps & {
  groupId: Uuid;
  sender: Uuid;
  /** May send although the rail's breaker is open. */
  probe: boolean;
  conclude: Ledger['conclude'];
  /** Aborted by the first member that fails. */
  failed: AbortController;
  /** Aborted when no new send may begin. */
  halt: AbortSignal;
  /** Collects the members that were not reached. */
  left: Uuid[];
  /** Collects the members that may be unknown. */
  toInquire: Set<Uuid>;
};

/** How soon a member is looked at again whose earlier send still has its lease. */
const leasedPauseMs = 250;

/** Sends one member when it has a permit and the ledger grants it. Throws for a fault, after which no other begins. */
export async function sendInTurn(sending: Sending, member: TransferSnapshot): Promise<void> {
  try {
    const why = await claimAndSend(sending, member);
    if (why !== null) await setAside(sending, member, why);
  } catch (error) {
    if (!isPoison(error)) {
      sending.failed.abort();
      throw error;
    }
    // A member that the database refuses permanently stops, raises an alarm, and is left to the sweep; the others continue.
    sending.alarms.raise('submit_refused', { transferId: member.id, err: error });
  }
}

/** Sends a member if the ledger grants it; otherwise returns why not. It holds its permit only meanwhile. */
async function claimAndSend(sending: Sending, member: TransferSnapshot): Promise<NotSent | null> {
  const { ledger, semaphore, halt, groupId: carrier, sender, probe } = sending;
  const { id, tenantId, attempt } = member;
  if (!attempt) return 'not_found';
  const owner = { tenantId, part: bankOf(attempt.destination) };
  if (!(await semaphore.acquire(owner, halt))) return 'halted';
  try {
    // The lease is counted from before the claim, because its answer may have taken long.
    const spentMs = startClocks();
    const grant = await ledger.claim({ id, sender, carrier, probe });
    if (!grant.granted) return grant.why;
    await sendOne(sending, grant, spentMs);
    return null;
  } finally {
    semaphore.release(owner);
  }
}

type Granted = Extract<Grant, { granted: true }>;
/** Why a member was not sent: the ledger's reason, or `halted` before it was asked. */
type NotSent = GrantRefusal | 'halted';

/** Sends one request to the rail and writes the outcome. A grant that came too late for the request is not used. */
async function sendOne(sending: Sending, grant: Granted, spentMs: () => number): Promise<void> {
  const { conclude, failed, stopping, rail, groupId, toInquire } = sending;
  const isInTime = spentMs() + rail.terms.requestTimeoutMs <= grant.leaseMs;
  const mayStillSend = isInTime && !stopping.aborted && !failed.signal.aborted;
  const about = { transferId: grant.id, sendN: grant.n };
  const report: Report = mayStillSend
    ? { ...about, source: 'reply', ...(await ask(sending, grant)) }
    : { ...about, source: 'carrier', outcome: 'not_sent', carrier: groupId };
  const { state } = await conclude(report);
  if (state === 'unknown') toInquire.add(grant.id);
}

async function ask({ rail, observer, probe }: Sending, { attempt }: Granted): Promise<RailAnswer> {
  const startedAt = performance.now();
  const answer = await rail.submit(attempt, { timeoutMs: rail.terms.requestTimeoutMs });
  observer.record({
    isGood: answer.outcome === 'accepted' || answer.outcome === 'rejected',
    tenant: attempt.tenantId,
    bank: bankOf(attempt.destination),
    tookMs: performance.now() - startedAt,
    isProbe: probe,
  });
  return answer;
}

/** What happens to a member that may not be sent now. */
async function setAside(sending: Sending, member: TransferSnapshot, why: NotSent): Promise<void> {
  const { toInquire, groupId, left, alarms } = sending;
  switch (why) {
    case 'halted':
      left.push(member.id);
      return;
    case 'leased':
      // An execution before this one may still be sending it.
      await sleep(leasedPauseMs);
      return await sendInTurn(sending, member);
    case 'window':
    case 'rail_unavailable':
    case 'sends_exhausted': {
      for (const id of await putMembersOff(sending, { groupId, ids: [member.id], until: atOnce })) toInquire.add(id);
      return;
    }
    case 'state':
      // Another process has written an outcome. If that is `unknown`, it is inquired about; a start too many is harmless.
      toInquire.add(member.id);
      return;
    case 'carrier':
      return;
    case 'not_found':
      // It stops here, and each sweep reports it again; the others continue.
      alarms.raise('member_missing', { transferId: member.id });
      return;
  }
}

/** Milliseconds passed, by the larger of two clocks: one stops while a machine sleeps, one may be set back. */
function startClocks(): () => number {
  const [monotonic, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}
