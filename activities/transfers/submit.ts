import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { createRoundRobin, type RoundRobin } from '../../concurrency/round-robin.ts';
import type { Semaphore } from '../../concurrency/semaphore.ts';
import { createTaskGroup, type TaskGroup } from '../../concurrency/task-group.ts';
import { bankOf } from '../../domain/destination.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Rail, RailAnswer } from '../../domain/rail.ts';
import { isPoison } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Grant } from '../../ledger/transfers/claim.ts';
import type { Report } from '../../ledger/transfers/conclude.ts';
import type { TransferSnapshot } from '../../ledger/work/snapshot.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { SubmitInput, SubmitResult } from '../../workflows/contract/steps.ts';
import { concludeWithRetries } from './conclude-with-retries.ts';
import { atOnce, putMembersOff } from './put-off.ts';
import type { RailObserver } from './rail-observer.ts';

export type SubmitDeps = {
  ledger: Pick<Ledger, 'claim' | 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  rail: Rail;
  /** Shared by every group of this process. */
  semaphore: Semaphore;
  observer: RailObserver;
  /** Aborted when this process stops: no new sends, those in flight are finished and written, the rest is put off. */
  stopping: AbortSignal;
  alarms: Alarms;
};

/** A failed execution may have sent, and the next may send again under the same key. A third one inquires instead. */
const executionsThatSend = 2;
/** How soon a member is looked at again whose earlier send still has its lease. */
const leasedPauseMs = 250;

/**
 * Sends a group's members to their rail, as many concurrently as the rail takes, and writes each outcome as it
 * arrives: a slow member delays no other, and no outcome is only in memory. Who may send is the ledger's decision
 * ("Who may send" in ARCHITECTURE.md): each send is a grant with a lease, for this execution only.
 */
export const submit =
  (deps: SubmitDeps) =>
  async (input: SubmitInput): Promise<SubmitResult> => {
    const ends = AbortSignal.any([AbortSignal.timeout(input.budgetMs), cancellationSignal(), deps.stopping]);
    if (activityInfo().attempt <= executionsThatSend) return await sendInTurn(deps, input, ends);
    return { left: [], toInquire: await putMembersOff(deps, { ...input, until: ends }) };
  };

async function sendInTurn(deps: SubmitDeps, input: SubmitInput, ends: AbortSignal): Promise<SubmitResult> {
  const members = await deps.readSnapshots(input.ids);
  const toInquire = new Set(members.filter(({ state }) => state === 'unknown').map(({ id }) => id));
  const open = members.filter(({ state }) => state === 'submitting');
  const queue = createRoundRobin(open, {
    queueOf: ({ tenantId }) => tenantId,
    serialKeyOf: input.isSerialPerAccount ? ({ accountId }) => accountId : undefined,
  });
  const tasks = createTaskGroup();
  const tools = { queue, tasks, toInquire, conclude: concludeWithRetries(deps.ledger) };
  const sending: Sending = { ...deps, ...input, ...tools, rail: deps.rail, sender: randomUUID() };

  while (!tasks.hasFailed() && !ends.aborted && queue.ready() + tasks.size() > 0) {
    if (queue.ready() === 0) await tasks.waitForOne();
    else sendWave(sending, await deps.semaphore.acquire(queue.ready(), ends));
  }
  await tasks.waitForAll();
  await deps.observer.flush();

  const left = queue.rest().map(({ id }) => id);
  if (!deps.stopping.aborted) return { left, toInquire: [...toInquire] };
  const rest = await putMembersOff(deps, { groupId: input.groupId, ids: left, until: ends });
  return { left: [], toInquire: [...toInquire, ...rest] };
}

/** A transfer that waits to be sent. */
type Member = Pick<TransferSnapshot, 'id' | 'tenantId' | 'accountId'>;

/** What one execution works with. `toInquire` collects members that may be unknown. */
type Sending = SubmitDeps &
  Omit<SubmitInput, 'rail'> & { sender: Uuid; queue: RoundRobin<Member>; tasks: TaskGroup; toInquire: Set<Uuid> } & {
    conclude: Ledger['conclude'];
  };

/** Starts as many members as there are permits. Their claims go together, in one call of the ledger. */
function sendWave(sending: Sending, permits: number): void {
  const { semaphore, queue, tasks } = sending;
  const wave = queue.take(tasks.hasFailed() ? 0 : permits);
  semaphore.release(permits - wave.length);
  // The lease is counted from before the claim, because its answer may have taken long.
  const spentMs = startClocks();
  for (const member of wave) void tasks.start(sendOrSetAside(sending, member, spentMs));
}

/** One member's turn. It holds no permit while it waits for its next turn. */
async function sendOrSetAside(sending: Sending, member: Member, spentMs: () => number): Promise<void> {
  const { alarms, semaphore, queue } = sending;
  try {
    const why = await claimAndSend(sending, member, spentMs).finally(() => semaphore.release(1));
    if (why !== null) await setAside(sending, member, why);
  } catch (error) {
    // A member that the database refuses permanently stops, raises an alarm, and is left to the sweep; the others continue.
    if (!isPoison(error)) throw error;
    alarms.raise('submit_refused', { transferId: member.id, err: error });
  } finally {
    queue.done(member);
  }
}

/** Sends a member if the ledger grants it; otherwise returns why not. */
async function claimAndSend(sending: Sending, { id }: Member, spentMs: () => number): Promise<Refused['why'] | null> {
  const { ledger, groupId, sender, probe } = sending;
  const grant = await ledger.claim({ id, sender, carrier: groupId, probe });
  if (!grant.granted) return grant.why;
  await sendOne(sending, grant, spentMs);
  return null;
}

/** Sends one request to the rail and writes the outcome. A grant that came too late for the request is not used. */
async function sendOne(sending: Sending, grant: Granted, spentMs: () => number): Promise<void> {
  const { conclude, tasks, stopping, rail, groupId, toInquire } = sending;
  const isInTime = spentMs() + rail.terms.requestTimeoutMs <= grant.leaseMs;
  const mayStillSend = isInTime && !stopping.aborted && !tasks.hasFailed();
  const about = { transferId: grant.id, sendN: grant.n };
  const report: Report = mayStillSend
    ? { ...about, source: 'reply', ...(await ask(sending, grant)) }
    : { ...about, source: 'carrier', outcome: 'not_sent', carrier: groupId };
  const { state } = await conclude(report);
  if (state === 'unknown') toInquire.add(grant.id);
}

async function ask({ rail, observer, probe }: Sending, { attempt }: Granted): Promise<RailAnswer> {
  const answer = await rail.submit(attempt, { timeoutMs: rail.terms.requestTimeoutMs });
  const source = `${attempt.tenantId}/${bankOf(attempt.destination)}`;
  observer.record({ isGood: answer.outcome === 'accepted' || answer.outcome === 'rejected', source, isProbe: probe });
  return answer;
}

type Granted = Extract<Grant, { granted: true }>;
type Refused = Extract<Grant, { granted: false }>;

/** What happens to a member that may not be sent now. */
async function setAside(sending: Sending, member: Member, why: Refused['why']): Promise<void> {
  const { queue, toInquire, groupId } = sending;
  switch (why) {
    case 'leased':
      // An execution before this one may still be sending it.
      await sleep(leasedPauseMs);
      return queue.putBack(member);
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
      sending.alarms.raise('member_missing', { transferId: member.id });
      return;
  }
}

/** Milliseconds passed, by the larger of two clocks: one stops while a machine sleeps, one may be set back. */
function startClocks(): () => number {
  const [monotonic, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}
