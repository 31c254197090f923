import { expect, test } from '@jest/globals';
import { type Transition, transitions } from '../../domain/transfer.ts';
import { files, read } from '../support/tree.ts';

/** Every cause in the table is written by a function of the ledger, but those that are marked as later. */
const functions = files(/^ledger\/.*\.sql$/)
  .map(read)
  .join('\n');
/** A cause stands second in a transition and in a first step, or follows from the state that it leads to. */
const ways = [
  /row\(transfer\.state, '(\w+)', [^,()]+\)::ledger\.transition/g,
  /row\('\w+', '(\w+)', \w+\)::first_step/g,
  /case decided\.to_state when '\w+' then '(\w+)' else '(\w+)' end/g,
];
const written = new Set(ways.flatMap((way) => [...functions.matchAll(way)].flatMap(([, ...causes]) => causes)));

const steps: readonly Transition[] = transitions;

test.each([...new Set(steps.map(({ cause }) => cause))])('%s is written, or is marked as later', (cause) => {
  const isLater = steps.some((step) => step.cause === cause && step.later !== undefined);
  expect(written.has(cause)).toBe(!isLater);
});
