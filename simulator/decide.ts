import { createHash } from 'node:crypto';
import { type Answer, problem, statement } from './answers.ts';
import type { Fact, Instruction } from './journal-events.ts';
import { type Books, isSame, type Taken, timesTurnedAway } from './state.ts';
import { type Behaviour, behaviourOf, type FirstAnswer, type Manner } from './triggers.ts';

/** What happens to one request: the fact to journal first, then the answer and how it travels. Null: never answered. */
export type Decision = { fact: Fact; answer: Answer | null; manner: Manner };

/**
 * Decides about an instruction from the books alone, so the same journal gives the same decision after a restart. Same
 * key and same body: the stored answer. Same key, another body: 409. A new key is taken, whatever its content: a
 * client that makes a second key for one wish moves money twice, and `/control/truth` shows it.
 */
export function decide(books: Books, instruction: Instruction): Decision {
  const behaviour = behaviourOf(instruction.destination.account_number);
  const known = books.byKey.get(instruction.rail_key);
  if (known && !isForgotten(books, known)) return repeat(known, instruction);
  if (isTurnedAway(books, instruction, behaviour)) return turnAway(instruction, behaviour);
  return take(books, { instruction, behaviour });
}

function isForgotten(books: Books, { at, instruction }: Taken): boolean {
  const { forgetsKeyAfterMs } = behaviourOf(instruction.destination.account_number);
  return forgetsKeyAfterMs !== null && books.now >= Date.parse(at) + forgetsKeyAfterMs;
}

function repeat(known: Taken, instruction: Instruction): Decision {
  const fact = heard(instruction);
  if (!isSame(known.instruction, instruction)) return { fact, answer: conflict(known), manner: { kind: 'plain' } };
  return { fact, answer: storedAnswer(known), manner: { kind: 'plain' } };
}

const isTurnedAway = (books: Books, { rail_key }: Instruction, { turnsAway }: Behaviour): boolean =>
  turnsAway !== null && timesTurnedAway(books, rail_key) < turnsAway.times;

function turnAway(instruction: Instruction, { turnsAway }: Behaviour): Decision {
  const fact = heard(instruction);
  if (!turnsAway?.answer) return { fact, answer: null, manner: turnsAway?.manner ?? { kind: 'close' } };
  return { fact, answer: problem(turnsAway.answer, instruction.rail_key), manner: turnsAway.manner };
}

function take(books: Books, { instruction, behaviour }: { instruction: Instruction; behaviour: Behaviour }): Decision {
  const taken = {
    reference: referenceOf(books, instruction.rail_key),
    ...behaviour.books,
    at: new Date(books.now).toISOString(),
    instruction,
  };
  const fact = { event: 'took', ...taken } as const;
  return { fact, answer: firstAnswers[behaviour.first.answer]({ ...taken, heard: 1 }), manner: behaviour.first.manner };
}

const firstAnswers: Record<FirstAnswer, (taken: Taken) => Answer> = {
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

/** The answer to a submission, now and to every repetition. It differs from the books only where the trigger says so. */
const storedAnswer = (taken: Taken): Answer =>
  statement(taken, behaviourOf(taken.instruction.destination.account_number).says ?? taken);

const conflict = (taken: Taken): Answer => {
  const answer = problem('key_conflict', taken.instruction.rail_key);
  return { ...answer, body: { ...answer.body, rail_reference: taken.reference } };
};

const heard = ({ rail_key }: Instruction): Fact => ({ event: 'heard', rail_key });

/** The bank's own number: the same for the same key after a replay, another one if the key is taken a second time. */
function referenceOf(books: Books, railKey: string): string {
  const earlier = books.byKey.get(railKey)?.reference ?? '';
  return `SIM${createHash('sha256').update(`${railKey}/${earlier}`).digest('hex').slice(0, 20).toUpperCase()}`;
}
