import { createHash } from 'node:crypto';
import { type Answer, problem, statement } from './answers.ts';
import type { Instruction, JournalEvent } from './journal-events.ts';
import { type BankState, isSame, type TakenInstruction, timesRefused } from './state.ts';
import { type Behaviour, behaviourOf, type Delivery, type FirstAnswer } from './triggers.ts';

/** What happens to one request: the event to journal first, then the answer and how it is delivered. Null: never answered. */
export type Decision = { event: JournalEvent; answer: Answer | null; delivery: Delivery };

/**
 * Decides about an instruction from the state alone, so the same journal gives the same decision after a restart. Same
 * key and same body: the stored answer. Same key, another body: 409. A new key is taken, whatever its content: a
 * client that makes a second key for one intent moves money twice, and `/control/truth` shows it.
 */
export function decide(state: BankState, instruction: Instruction): Decision {
  const behaviour = behaviourOf(instruction.destination.account_number);
  const earlier = state.byKey.get(instruction.rail_key);
  if (earlier && !isForgotten(state, earlier)) return repeat(earlier, instruction);
  if (isRefused(state, instruction, behaviour)) return refuse(instruction, behaviour);
  return take(state, { instruction, behaviour });
}

function isForgotten(state: BankState, { at, instruction }: TakenInstruction): boolean {
  const { forgetsKeyAfterMs } = behaviourOf(instruction.destination.account_number);
  return forgetsKeyAfterMs !== null && state.now >= Date.parse(at) + forgetsKeyAfterMs;
}

function repeat(earlier: TakenInstruction, instruction: Instruction): Decision {
  const event = receivedEvent(instruction);
  if (!isSame(earlier.instruction, instruction))
    return { event, answer: conflict(earlier), delivery: { kind: 'plain' } };
  return { event, answer: storedAnswer(earlier), delivery: { kind: 'plain' } };
}

const isRefused = (state: BankState, { rail_key }: Instruction, { refuses }: Behaviour): boolean =>
  refuses !== null && timesRefused(state, rail_key) < refuses.times;

function refuse(instruction: Instruction, { refuses }: Behaviour): Decision {
  const event = receivedEvent(instruction);
  if (!refuses?.answer) return { event, answer: null, delivery: refuses?.delivery ?? { kind: 'close' } };
  return { event, answer: problem(refuses.answer, instruction.rail_key), delivery: refuses.delivery };
}

function take(
  state: BankState,
  { instruction, behaviour }: { instruction: Instruction; behaviour: Behaviour },
): Decision {
  const taken = {
    reference: referenceOf(state, instruction.rail_key),
    ...behaviour.truth,
    at: new Date(state.now).toISOString(),
    instruction,
  };
  const event = { kind: 'taken', ...taken } as const;
  return {
    event,
    answer: firstAnswers[behaviour.firstReply.answer]({ ...taken, timesReceived: 1 }),
    delivery: behaviour.firstReply.delivery,
  };
}

const firstAnswers: Record<FirstAnswer, (taken: TakenInstruction) => Answer> = {
  real: (taken) => storedAnswer(taken),
  server_error: ({ instruction }) => problem('server_error', instruction.rail_key),
  conflict: (taken) => conflict(taken),
  pending: (taken) => {
    const { body } = storedAnswer(taken);
    return { status: 202, body: { ...body, status: 'pending', code: 'PDNG', status_id: taken.reference } };
  },
  other_amount: (taken) => {
    const { status, body } = storedAnswer(taken);
    return { status, body: { ...body, amount: `${taken.instruction.amount}0` } };
  },
};

/** The answer to a submission, now and to every repetition. It differs from the record only where the trigger says so. */
const storedAnswer = (taken: TakenInstruction): Answer =>
  statement(taken, behaviourOf(taken.instruction.destination.account_number).reply ?? taken);

const conflict = (taken: TakenInstruction): Answer => {
  const answer = problem('key_conflict', taken.instruction.rail_key);
  return { ...answer, body: { ...answer.body, rail_reference: taken.reference } };
};

const receivedEvent = ({ rail_key }: Instruction): JournalEvent => ({ kind: 'received', rail_key });

/** The bank's own number: the same for the same key after a replay, another one if the key is taken a second time. */
function referenceOf(state: BankState, railKey: string): string {
  const earlier = state.byKey.get(railKey)?.reference ?? '';
  return `SIM${createHash('sha256').update(`${railKey}/${earlier}`).digest('hex').slice(0, 20).toUpperCase()}`;
}
