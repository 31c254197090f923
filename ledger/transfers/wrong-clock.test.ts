import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { toBank, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { railTerms, setBreaker } from '../../test/support/fixtures/rail.ts';
import { reportsOn } from '../../test/support/fixtures/reports.ts';
import { aClaim, age, reserved } from '../../test/support/fixtures/sends.ts';
import { raiseUnanswered } from './raise-unanswered.ts';

// What a clock leaves that ran thirty days ahead for a moment and was set back. Looking corrects all rows of a rail. Rows are late
// here, and attempts made older than their events.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue', 'rows'] });
const accounts = freshAccounts({ pools, ledger });
const { take } = dueRows({ pools, ledger, accounts });
const { reply, inquiry, submitting, unknown } = reportsOn({ pools, ledger, accounts });
const { leaseMs, quietMs } = railTerms;
const aheadMs = 30 * 86_400_000;

/** The clock was ahead when this transfer was sent, or its send was concluded: every time that it wrote lies ahead. */
const wroteAhead = async (id: string) => {
  await age(pools, id, -aheadMs);
  await withoutTriggers(pools.root, async (client) => {
    await client.query("update ledger.transfer set next_at = next_at + $2 * interval '1 ms' where id = $1", [
      id,
      aheadMs,
    ]);
  });
};
const inMs = async (id: string): Promise<number> => {
  const { rows } = await pools.root.query<{ ms: number }>(
    'select (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as ms from ledger.transfer where id = $1',
    [id],
  );
  return rows[0]?.ms ?? Number.NaN;
};
const look = () => ledger.overdue({ graceMs: 0, limit: 500 });
const claimAgain = (send: { transferId: string; carrier: string }) =>
  ledger.claim(aClaim({ id: send.transferId, carrier: send.carrier }));
/** The time in which a lease that was seen to lie ahead is over. */
const aLeaseLater = async (transferId: string) => {
  await withoutTriggers(pools.root, async (client) => {
    for (const sql of [
      "update ledger.send set corrected_at = corrected_at - $2 * interval '1 ms' where transfer_id = $1 and corrected_at is not null",
      "update ledger.attempt set created_at = created_at - $2 * interval '1 ms' where transfer_id = $1",
      "update ledger.transfer set next_at = next_at - $2 * interval '1 ms' where id = $1",
    ])
      await client.query(sql, [transferId, leaseMs + 1]);
  });
};

test('a row that waits to be sent again is due, and the dispatcher takes it', async () => {
  const send = await submitting();
  await reply(send, { outcome: 'not_taken' });
  await wroteAhead(send.transferId);
  expect(await take()).toMatchObject({ ids: [send.transferId] });
});

test('a row whose dispatch was lost while the clock was ahead is taken again', async () => {
  const send = await submitting();
  await reply(send, { outcome: 'not_taken' });
  await pools.root.query("update ledger.transfer set next_at = now() - interval '1 s' where id = $1", [
    send.transferId,
  ]);
  expect(await take()).toMatchObject({ ids: [send.transferId] });
  await wroteAhead(send.transferId);
  expect(await take()).toMatchObject({ ids: [send.transferId] });
});

test('an inquiry that was planned far ahead is overdue at the next look of the sweep', async () => {
  const { transferId } = await unknown();
  await wroteAhead(transferId);
  await look();
  expect(await look()).toEqual([{ transferId, state: 'unknown', rail: 'instant' }]);
});

test('a transfer that waits for a sender is overdue, and put off', async () => {
  const { id } = await reserved(ledger, toBank(accounts));
  await wroteAhead(id);
  await look();
  expect(await look()).toMatchObject([{ transferId: id, state: 'submitting' }]);
  expect(await inquiry({ transferId: id, sendN: 1, carrier: '' }, { outcome: 'put_off' })).toMatchObject({
    state: 'scheduled',
  });
});

test('the lease of a send that was granted ahead ends a lease after that is seen, not before and not in thirty days', async () => {
  const send = await submitting();
  await wroteAhead(send.transferId);
  // Its sender may really be sending.
  expect(await claimAgain(send)).toMatchObject({ granted: false, why: 'leased' });
  expect(await inquiry(send, { outcome: 'put_off' })).toMatchObject({ state: 'submitting', cause: null });
  await look();
  expect(await inMs(send.transferId)).toBeLessThanOrEqual(leaseMs);
  await aLeaseLater(send.transferId);
  expect(await claimAgain(send)).toMatchObject({ granted: true, n: 2 });
});

test('one that nobody claims again becomes unknown, and an absence proves something after the quiet period', async () => {
  const send = await submitting();
  await wroteAhead(send.transferId);
  await look();
  await aLeaseLater(send.transferId);
  expect(await look()).toMatchObject([{ transferId: send.transferId, state: 'submitting' }]);
  expect(await inquiry(send, { outcome: 'put_off' })).toMatchObject({ state: 'unknown' });
  expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ state: 'unknown' });
  await withoutTriggers(pools.root, async (client) => {
    const older = "- $2 * interval '1 ms'";
    await client.query(`update ledger.send set corrected_at = corrected_at ${older} where transfer_id = $1`, [
      send.transferId,
      quietMs + 1,
    ]);
    await client.query(`update ledger.attempt set created_at = created_at ${older} where transfer_id = $1`, [
      send.transferId,
      leaseMs + quietMs + 60_000,
    ]);
  });
  expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ cause: 'absent', state: 'scheduled' });
});

test('nothing is sent again when nobody knows how long the bank has known the key', async () => {
  const send = await submitting();
  await wroteAhead(send.transferId);
  // The attempt was written under the wrong clock too.
  await withoutTriggers(pools.root, async (client) => {
    await client.query(
      "update ledger.attempt set created_at = created_at + $2 * interval '1 ms' where transfer_id = $1",
      [send.transferId, aheadMs],
    );
  });
  await look();
  await aLeaseLater(send.transferId);
  expect(await claimAgain(send)).toMatchObject({ granted: false, why: 'window' });
  // Thirty-one days later the wrong time is a plausible one; what was seen stays seen.
  await age(pools, send.transferId, aheadMs + 3_600_000);
  expect(await claimAgain(send)).toMatchObject({ granted: false, why: 'window' });
});

test('one that became unknown ahead gets attention, whether or not anybody asks: by its send, or when nobody knows its age', async () => {
  const [old, lost] = [await unknown(), await unknown()];
  const { giveUpMs } = railTerms;
  // One whose send and attempt are older than the limit, one whose attempt was made ahead too.
  await age(pools, old.transferId, giveUpMs + 60_000);
  for (const { transferId } of [old, lost])
    await pools.root.query("update ledger.transfer set state_since = now() + interval '30 days' where id = $1", [
      transferId,
    ]);
  expect(await raiseUnanswered(pools.worker, 500)).toBe(1);
  await age(pools, lost.transferId, -aheadMs);
  await withoutTriggers(pools.root, async (client) => {
    await client.query(
      "update ledger.attempt set created_at = created_at + interval '30 days' where transfer_id = $1",
      [lost.transferId],
    );
  });
  expect(await raiseUnanswered(pools.worker, 500)).toBe(1);
  expect(await raiseUnanswered(pools.worker, 500)).toBe(0);
});

test('an absence that was asked for at a time that lies ahead proves nothing', async () => {
  const send = await unknown();
  await age(pools, send.transferId, leaseMs + 1_000);
  const askedAt = new Date(Date.now() + aheadMs).toISOString();
  expect(await inquiry(send, { outcome: 'absent', askedAt })).toMatchObject({ cause: null, state: 'unknown' });
});

test('the breaker that a wrong clock opened is probed at the next look', async () => {
  const send = await submitting();
  await reply(send, { outcome: 'not_taken' });
  await pools.root.query("update ledger.transfer set next_at = now() - interval '1 s' where id = $1", [
    send.transferId,
  ]);
  await setBreaker(pools, 'open', aheadMs);
  expect(await take()).toMatchObject({ probe: true, ids: [send.transferId] });
});

test('a breaker counts in a new window when the old one begins ahead', async () => {
  await pools.root.query(
    "update ledger.rail set window_started_at = now() + interval '30 days', good = 900, bad = 3, bad_sources = '{a/1}' where name = 'instant'",
  );
  const sources = ['1', '2'].map((bank) => ({ tenant: randomUUID(), bank, good: 0, bad: 2, cost: 2 }));
  expect(await ledger.observeRail({ rail: 'instant', sources })).toMatchObject({ breaker: 'open' });
});

test("a customer's date is no clock's: it stays, however far ahead", async () => {
  const executeAt = new Date(Date.now() + 80 * 86_400_000).toISOString();
  const { id } = await reserved(ledger, toBank(accounts, { executeAt }));
  await look();
  expect((await take()).ids).toEqual([]);
  expect(await inMs(id)).toBeGreaterThan(79 * 86_400_000);
});

test('times that a right clock wrote are left alone', async () => {
  const [one, two] = [await submitting(), await unknown()];
  const times = async () =>
    (
      await pools.root.query('select id, next_at, updated_at from ledger.transfer where id = any($1) order by id', [
        [one.transferId, two.transferId],
      ])
    ).rows;
  const before = await times();
  await look();
  expect(await times()).toEqual(before);
  const { rows } = await pools.root.query('select count(*)::int as n from ledger.send where corrected_at is not null');
  expect(rows).toEqual([{ n: 0 }]);
});
