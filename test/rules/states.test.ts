import { expect, test } from '@jest/globals';
import { eventsLater } from '../../docs/generate/later.ts';
import { transitions } from '../../domain/transfer.ts';
import { files, read } from '../support/tree.ts';

/** Every event of the table is written by a function of the ledger, but those that are marked as later. */
const functions = files(/^ledger\/.*\.sql$/)
  .map(read)
  .join('\n');
/** An event is assigned, or stands first in a verdict, or second in how a transfer begins. */
const ways = [
  /v_event := '(\w+)'/g,
  /row\('(\w+)', [^,()]+\)::(?:ledger\.)?verdict/g,
  /row\('\w+', '(\w+)', .*::(?:ledger\.)?beginning/g,
];
const written = new Set(ways.flatMap((way) => [...functions.matchAll(way)].map(([, event]) => event)));

test.each([...new Set(transitions.map(({ event }) => event))])('%s is written, or is marked as later', (event) => {
  expect(written.has(event)).toBe(!(event in eventsLater));
});
