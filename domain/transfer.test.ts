import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isAllowed,
  isOpen,
  openStates,
  type TransferState,
  type Transition,
  transferStates,
  transitions,
} from './transfer.ts';

/** The table again, by hand: state, then cause, then the next states. Not derived from the code. */
const expected: Record<string, Record<string, TransferState[]>> = {
  '–': {
    refused: ['declined'],
    book_posted: ['completed'],
    reserved: ['submitting'],
    reserved_for_later: ['scheduled'],
  },
  scheduled: {
    due: ['submitting', 'completed'],
    cancelled: ['cancelled'],
    impossible: ['failed'],
    accepted: ['completed'],
    rejected: ['rejected', 'unknown'],
  },
  submitting: {
    accepted: ['completed'],
    rejected: ['rejected', 'unknown'],
    not_taken: ['scheduled', 'unknown'],
    put_off: ['scheduled'],
    no_answer: ['unknown'],
  },
  unknown: {
    accepted: ['completed'],
    rejected: ['rejected'],
    not_taken: ['scheduled'],
    absent: ['scheduled'],
    forced: ['completed', 'rejected'],
  },
  completed: { reversed: ['reversed'], contradicted: ['completed'] },
  declined: { contradicted: ['declined'] },
  rejected: { contradicted: ['rejected'] },
  failed: { contradicted: ['failed'] },
  cancelled: { contradicted: ['cancelled'] },
  reversed: { contradicted: ['reversed'] },
};

const origins = [null, ...transferStates];
const causes = [...new Set(transitions.map((step) => step.cause))];
const pairs = origins.flatMap((from) => causes.map((cause) => ({ from, cause })));

test.each(pairs)('from $from, $cause leads where the table says and nowhere else', ({ from, cause }) => {
  const allowed = expected[from ?? '–']?.[cause] ?? [];
  for (const to of transferStates) expect([to, isAllowed(from, cause, to)]).toEqual([to, allowed.includes(to)]);
});

test('the hand-written table knows every state and every cause', () => {
  expect(new Set(Object.keys(expected))).toEqual(new Set(['–', ...transferStates]));
  expect(new Set(Object.values(expected).flatMap(Object.keys))).toEqual(new Set(causes));
});

test('every step is listed once', () => {
  const rows = transitions.map(({ from, cause, to }) => `${from} ${cause} ${to}`);
  expect(new Set(rows).size).toBe(rows.length);
});

test('a final state is final: only a reversal leaves one', () => {
  const leaving = transitions.filter(({ from, to }) => from !== null && !isOpen(from) && from !== to);
  expect(leaving).toMatchObject([{ from: 'completed', cause: 'reversed', to: 'reversed' }]);
});

test('proof is never refused: every open state takes `accepted`, and it always completes', () => {
  for (const state of openStates) expect(isAllowed(state, 'accepted', 'completed')).toBe(true);
  for (const step of transitions) if (step.cause === 'accepted') expect(step.to).toBe('completed');
});

test('no answer releases nothing: `no_answer` and `absent` end no transfer', () => {
  for (const step of transitions) {
    if (step.cause === 'no_answer' || step.cause === 'absent') expect(isOpen(step.to)).toBe(true);
  }
});

test('every state can be reached, and from every open state a final one can', () => {
  expect(reachable(null)).toEqual(new Set(transferStates));
  for (const state of openStates) expect([...reachable(state)].some((to) => !isOpen(to))).toBe(true);
});

test('scheduled, submitting and unknown are open; the rest are final', () => {
  expect(transferStates.filter(isOpen)).toEqual(['scheduled', 'submitting', 'unknown']);
});

test('no walk through the table, however long, leaves its states or returns from a final one', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (choices) => {
      let state: TransferState | null = null;
      let ended = false;
      for (const choice of choices.take(40)) {
        const steps = stepsFrom(state);
        const step = steps[choice % Math.max(steps.length, 1)];
        if (!step) return;
        state = step.to;
        expect(ended && isOpen(step.to)).toBe(false);
        ended ||= !isOpen(step.to);
      }
    }),
  );
});

function stepsFrom(from: TransferState | null): readonly Transition[] {
  return transitions.filter((step) => step.from === from);
}

function reachable(from: TransferState | null): Set<TransferState> {
  const found = new Set<TransferState>();
  const waiting: (TransferState | null)[] = [from];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    for (const step of stepsFrom(here)) {
      if (found.has(step.to)) continue;
      found.add(step.to);
      waiting.push(step.to);
    }
  }
  return found;
}
