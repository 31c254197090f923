import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setPause } from '../../test/support/fixtures/rail.ts';
import { eventOf, reservedTogether, sent } from '../../test/support/fixtures/sends.ts';

// Taking looks at a whole rail, so each test has a book of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const { take, dueBank } = dueRows({ pools, ledger, accounts });

const begins = (outcome: Parameters<typeof eventOf>[0]) => {
  const event = eventOf(outcome);
  return [event?.to, event?.evidence.next?.what];
};

test('one that is reserved while an earlier one of its account is put back waits behind it, whichever commits first', async () => {
  const { transferId, sendN } = await sent(ledger, accounts);
  const report = { transfer_id: transferId, source: 'reply', outcome: 'not_taken', send_n: sendN, code: 'http_503' };
  const client = await pools.worker.connect();
  try {
    await client.query('begin; set local idle_in_transaction_session_timeout = 0');
    await client.query('select ledger.conclude($1)', [JSON.stringify([report])]);
    // It finds the account locked, by a commit that nobody can see yet.
    const later = ledger.reserve(randomUUID(), toBank(accounts));
    await new Promise((done) => setTimeout(done, 100));
    await client.query('commit');
    expect(begins(await later)).toEqual(['scheduled', 'send_in_turn']);
  } finally {
    client.release();
  }
});

test('those of one batch that wait for one rail hold up nobody on another', async () => {
  await ledger.registerRail('telex');
  const both = await createAccounts(pools, ledger);
  await pools.root.query("update ledger.rail set paused_by = 'olga: a test' where name = 'telex'");
  const outcomes = await reservedTogether(pools, [
    toBank(both, { rail: 'telex' }),
    toBank(both),
    toBank(both, { rail: 'telex' }),
    toBank(both),
  ]);
  expect(outcomes.map((outcome) => begins(outcome)[0])).toEqual(['scheduled', 'submitting', 'scheduled', 'submitting']);
});

test('one whose date passed while its rail was paused waits for the rail, and later ones wait behind it', async () => {
  await setPause(pools, 'olga');
  const id = await dueBank();
  expect((await take()).ids).toEqual([]);
  const { rows } = await pools.root.query('select next_what, waiting_for from ledger.transfer where id = $1', [id]);
  expect(rows).toEqual([{ next_what: 'send_when_rail_recovers', waiting_for: 'rail' }]);
  await setPause(pools, null);
  expect(begins(await ledger.reserve(randomUUID(), toBank(accounts)))).toEqual(['scheduled', 'send_in_turn']);
});
