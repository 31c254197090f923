import { allHandlersFinished, condition, isCancellation, setHandler } from '@temporalio/workflow';
import type { Uuid } from '../../domain/ids.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { stepsFor } from '../activity-table.ts';
import { acceptUpdate, type ReserveAnswer, type TransferGroupInput, withoutOutcome } from '../contract/messages.ts';
import { waitsOf } from '../contract/waits.ts';
import { carry, type Group } from './carry.ts';

/**
 * Carries transfers that arrived together, from their first commit until no answer of a rail is expected in the next
 * seconds. One transfer is a group of one.
 *
 *   1. reserve          the ledger decides every member: declined, posted (book), scheduled, or `submitting`; `accept` answers
 *   2. submit           sends what is `submitting` to its rail and writes each outcome as it arrives, until none is left
 *   3. startInquiries   what is `unknown` gets a workflow of its own, which asks until there is proof
 *
 * | a member leaves this workflow as      | and goes on                                             |
 * | completed · declined · rejected       | nowhere: that is final                                  |
 * | scheduled (later, put off, not taken) | as a row, which `dispatch/<rail>` takes when it is due  |
 * | unknown                               | in `inquiry/<id>`                                       |
 * | undecided, when reserve gave up       | nowhere: its id is too old to be taken as new           |
 *
 * Whatever this workflow loses, the sweep finds: a row that is not final says what happens next, and when.
 */
export async function transferGroup(input: TransferGroupInput, ...requests: TransferRequest[]): Promise<void> {
  const { groupId, rail } = input;
  const waits = waitsOf(input);
  const group = { groupId, rail, waits, steps: stepsFor(waits, rail), probe: false };
  let answers: ReserveAnswer[] | undefined;
  setHandler(acceptUpdate, async () => {
    await condition(() => answers !== undefined);
    return answers ?? [];
  });

  // Nothing runs beside this step: concurrent local activities are not replayed in a fixed order.
  answers = await reserveAtOnce(group, requests);
  await allEnd([carry(group, toSend(answers)), reserveTheRest(group, requests, answers)]);

  // The caller of `accept` must have its answer before the workflow ends.
  await condition(allHandlersFinished);
}

/** The first commit, inside the workflow's own task. Every member gets an answer, also when the whole step gave up. */
async function reserveAtOnce({ groupId, steps, waits }: Group, requests: TransferRequest[]): Promise<ReserveAnswer[]> {
  try {
    return await steps.reserveAtOnce({ groupId, requests, withinMs: waits.localReserveMs });
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Out of time or tries. What it has committed, if anything, is found under the same ids by `reserve`.
    return requests.map((request) => withoutOutcome('undecided', request));
  }
}

/** The same for those without an answer yet. A call that decided none is a fault and is retried, so this ends. */
async function reserveTheRest(group: Group, requests: TransferRequest[], known: ReserveAnswer[]): Promise<void> {
  const open = new Set(known.filter(({ result }) => result === 'undecided').map(({ id }) => id));
  const rest = requests.filter(({ id }) => open.has(id));
  if (rest.length === 0) return;
  const { groupId, steps, waits } = group;
  const more = await steps.reserve({ groupId, requests: rest, withinMs: waits.ledgerStepMs / 2 });
  await allEnd([carry(group, toSend(more)), reserveTheRest(group, rest, more)]);
}

/** Waits for all of them, then throws the first failure: a workflow that fails takes its running steps along. */
async function allEnd(works: Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

/** Those that this group has to send. A replayed one is carried by the group that made it. */
const toSend = (answers: ReserveAnswer[]): Uuid[] =>
  answers.flatMap((answer) => (answer.result === 'decided' && answer.event.to === 'submitting' ? [answer.id] : []));
