import { expect, test } from '@jest/globals';
import { causesLater } from '../../docs/generate/later.ts';
import { transitions } from '../../domain/transfer.ts';
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

test.each([...new Set(transitions.map(({ cause }) => cause))])('%s is written, or is marked as later', (cause) => {
  expect(written.has(cause)).toBe(!(cause in causesLater));
});
