import { expect, test } from '@jest/globals';
import { type Transition, transitions } from '../../domain/transfer.ts';
import { files, read } from '../support/tree.ts';

/** Every cause in the table is written by a function of the ledger, but those that are marked as later. */
const functions = files(/^ledger\/.*\.sql$/)
  .map(read)
  .join('\n');
/** A cause is assigned, or stands first in a verdict, or second in how a transfer begins. */
const ways = [
  /v_cause := '(\w+)'/g,
  /row\('(\w+)', [^,()]+\)::(?:ledger\.)?verdict/g,
  /row\('\w+', '(\w+)', .*::(?:ledger\.)?beginning/g,
];
const written = new Set(ways.flatMap((way) => [...functions.matchAll(way)].map(([, cause]) => cause)));

const steps: readonly Transition[] = transitions;

test.each([...new Set(steps.map(({ cause }) => cause))])('%s is written, or is marked as later', (cause) => {
  const isLater = steps.some((step) => step.cause === cause && step.later !== undefined);
  expect(written.has(cause)).toBe(!isLater);
});
