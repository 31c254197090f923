import { TimeoutType } from '@temporalio/common';
import { ActivityFailure, allHandlersFinished, condition, setHandler, TimeoutFailure } from '@temporalio/workflow';
import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName } from '../../domain/rail.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { type BoundSteps, stepsFor } from '../activity-table.ts';
import { acceptUpdate, type GroupInput, type ReserveAnswer } from '../contract/messages.ts';
import type { SubmitResult } from '../contract/steps.ts';
import { type Waits, waitsOf } from '../contract/waits.ts';

/**
 * Carries transfers that arrived together, from their first commit until no answer of a rail is owed to them in the next
 * seconds. One transfer is a group of one.
 *
 *   1. reserve   the ledger decides every member: declined, posted (book), scheduled, or `submitting`; `accept` answers
 *      (due      the same for members that a drain took: what this group holds goes on its way)
 *   2. submit    sends what is `submitting` to its rail and writes each outcome as it arrives, until none is left
 *   3. follow    what is `unknown` gets a workflow of its own, which asks until there is proof
 *
 * | a member leaves this workflow as      | and goes on                                             |
 * | completed · declined · rejected       | nowhere: that is final                                  |
 * | scheduled (later, put off, not taken) | in `drain/<rail>`, as a row                             |
 * | unknown                               | in `transfer/<id>`                                      |
 * | undecided, when reserve gave up       | nowhere: its id is too old to be taken as new           |
 *
 * Whatever this workflow loses, the watch finds: a row that is not final says what happens next, and when.
 */
export async function transferGroup(input: GroupInput, ...members: TransferRequest[] | Uuid[]): Promise<void> {
  const waits = waitsOf(input);
  const group = { ...input, waits, steps: stepsFor(waits, input.rail) };
  let answers: ReserveAnswer[] | undefined;
  setHandler(acceptUpdate, async () => {
    await condition(() => answers !== undefined);
    return answers ?? [];
  });

  if (input.origin === 'drain') {
    const { submitting } = await group.steps.due({ groupId: input.groupId, ids: members.filter(isId) });
    await carry(group, submitting);
  } else {
    const requests = members.filter(isRequest);
    // Nothing runs beside this step: two local activities at once are not replayed in a sure order.
    answers = await reserveAtOnce(group, requests);
    await allEnd([carry(group, toSend(answers)), reserveTheRest(group, requests, answers)]);
  }

  // The caller of `accept` must have its answer before the workflow is gone.
  await condition(allHandlersFinished);
}

type Group = Omit<GroupInput, 'waits'> & { waits: Waits; steps: BoundSteps };

/** The first commit, inside the workflow's own task. Everybody gets an answer, also when the step as a whole gave up. */
async function reserveAtOnce({ groupId, steps, waits }: Group, requests: TransferRequest[]): Promise<ReserveAnswer[]> {
  try {
    return await steps.reserveAtOnce({ groupId, requests, withinMs: waits.localReserveMs });
  } catch {
    // Out of time or tries. What it has committed, if anything, is found under the same ids by `reserve`.
    return requests.map(undecided);
  }
}

/** The same for those without an answer yet. A call that decided nobody is a fault and is run again, so this ends. */
async function reserveTheRest(group: Group, requests: TransferRequest[], known: ReserveAnswer[]): Promise<void> {
  const open = new Set(known.filter(({ result }) => result === 'undecided').map(({ id }) => id));
  const rest = requests.filter(({ id }) => open.has(id));
  if (rest.length === 0) return;
  const { groupId, steps, waits } = group;
  const more = await steps.reserve({ groupId, requests: rest, withinMs: waits.ledgerStepMs / 2 });
  await allEnd([carry(group, toSend(more)), reserveTheRest(group, rest, more)]);
}

/** Submit and follow. A round ends when its time is over; whom it did not reach is sent in the next. */
async function carry(group: Group, ids: Uuid[]): Promise<void> {
  const { rail, steps, waits } = group;
  if (rail === 'book') return;
  let left = ids;
  while (left.length > 0) {
    const round = await submitOrPutOff({ ...group, rail }, left);
    if (round.follow.length > 0) await steps.follow({ ids: round.follow, waits });
    left = round.left;
  }
}

/** One round. When the rail has no worker that takes it, its members go back to the drain: a group must not wait for ever. */
async function submitOrPutOff(group: Group & { rail: NetworkName }, ids: Uuid[]): Promise<SubmitResult> {
  const { groupId, rail, origin, probe = false, steps, waits } = group;
  try {
    return await steps.submit({ groupId, rail, origin, probe, ids, budgetMs: waits.submitBudgetMs });
  } catch (error) {
    if (!hasNoWorker(error)) throw error;
    await steps.follow({ ids, waits, unsent: { groupId, rail } });
    return { left: [], follow: [] };
  }
}

const hasNoWorker = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START;

/** Waits for all of them, then throws the first failure: a workflow that fails takes its running steps along. */
async function allEnd(works: Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

const isId = (member: TransferRequest | Uuid): member is Uuid => typeof member === 'string';
const isRequest = (member: TransferRequest | Uuid): member is TransferRequest => typeof member !== 'string';

/** Those that this group has to send. A replayed one is carried by the group that made it. */
const toSend = (answers: ReserveAnswer[]): Uuid[] =>
  answers.filter(({ result, event }) => result === 'decided' && event?.to === 'submitting').map(({ id }) => id);

const undecided = ({ id, tenantId }: TransferRequest): ReserveAnswer => ({
  id,
  tenantId,
  result: 'undecided',
  transferId: null,
  entryId: null,
  fingerprint: null,
  event: null,
  balances: [],
});
