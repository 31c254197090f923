import { expect, test } from '@jest/globals';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { sent } from '../../test/support/fixtures/sends.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { beginArchiveSegment } from '../archive/begin-segment.ts';
import { acknowledgeAttention } from '../transfers/acknowledge.ts';
import { raiseUnanswered } from '../transfers/raise-unanswered.ts';
import { readBacklog } from './backlog.ts';
import { readLiveness } from './liveness.ts';

const { pools, ledger } = freshLedger({ mayViolate: ['overdue', 'rows'] });
const accounts = freshAccounts({ pools, ledger });
const attentions = async () => (await readBacklog(pools.api)).attentions;
const acknowledge = (transferId: string) =>
  acknowledgeAttention(pools.root, { transferId, actor: 'olga', why: 'the bank looks for it' });

/** A transfer that is unknown since an hour, and about which nobody asks. */
async function unanswered(): Promise<string> {
  const { transferId, sendN } = await sent(ledger, accounts);
  await ledger.conclude({ transferId, sendN, source: 'reply', outcome: 'unknown', code: 'http_500' });
  await pools.root.query("update ledger.transfer set state_since = now() - interval '1 hour' where id = $1", [
    transferId,
  ]);
  return transferId;
}

test('one that is unknown for too long gets attention without an inquiry, and is counted until a person acknowledges it', async () => {
  const transferId = await unanswered();
  expect(await attentions()).toEqual([]);
  expect(await raiseUnanswered(pools.worker, 500)).toBe(1);
  expect(await raiseUnanswered(pools.worker, 500)).toBe(0);
  expect(await attentions()).toEqual([{ reason: 'unknown_too_long', count: 1, transferId }]);
  expect(await acknowledge(transferId)).toBe('unknown_too_long');
  expect(await attentions()).toEqual([]);
  // What concludes about it later keeps the acknowledgement: the reason is the same.
  await ledger.conclude({ transferId, source: 'sweep', outcome: 'not_asked' });
  expect(await attentions()).toEqual([]);
});

test('a contradiction is another alarm each time, also on a transfer whose mark was acknowledged', async () => {
  const { transferId, sendN } = await sent(ledger, accounts);
  const reply = { transferId, sendN, source: 'reply' } as const;
  await ledger.conclude({ ...reply, outcome: 'accepted', code: 'ACSC', railReference: 'a' });
  const refuse = (code: string) =>
    ledger.conclude({ transferId, source: 'report', outcome: 'rejected', code, railReference: null, decisive: true });
  await refuse('AC03');
  const [before] = await attentions();
  expect(before).toMatchObject({ count: 1, transferId });
  await acknowledge(transferId);
  expect(await attentions()).toEqual([]);
  expect(await acknowledge('00000000-0000-7000-8000-000000000000')).toBeNull();
});

test('banks that are down are counted by rail, with the one that is so for the longest time', async () => {
  const down = (bank: string) =>
    ledger.observeRail({
      rail: 'instant',
      sources: [
        { tenant: 'ours', bank, good: 0, bad: 2, cost: 10 },
        // The others answer, so the rail is up.
        { tenant: 'ours', bank: '121000248', good: 900, bad: 0, cost: 0 },
      ],
    });
  expect((await readBacklog(pools.api)).banks).toContainEqual({ rail: 'instant', down: 0, oldest: null, oldestMs: 0 });
  await down('021000089');
  await pools.root.query("update ledger.bank_breaker set changed_at = changed_at - interval '10 minutes'");
  await down('026009593');
  const { banks } = await readBacklog(pools.worker);
  const instant = banks.find(({ rail }) => rail === 'instant');
  expect(instant).toMatchObject({ down: 2, oldest: '021000089' });
  expect(instant?.oldestMs).toBeGreaterThanOrEqual(600_000);
  await pools.root.query('delete from ledger.bank_breaker');
});

test('open transfers are counted by rail and state, and a late inquiry is shown', async () => {
  const id = await unanswered();
  await pools.root.query("update ledger.transfer set next_at = now() - interval '10 minutes' where id = $1", [id]);
  const { open, notices } = await readBacklog(pools.worker);
  expect(open).toContainEqual({ rail: 'instant', state: 'unknown', count: 2 });
  expect(open).toContainEqual({ rail: 'book', state: 'scheduled', count: 0 });
  expect(notices).toEqual({ due: 0, oldestMs: 0 });
  const instant = (await readLiveness(pools.api)).rails.find(({ name }) => name === 'instant');
  expect(instant?.lateMs.unknown).toBeGreaterThanOrEqual(600_000);
});

test('the oldest commit that is in no finished segment of the archive is shown with its age', async () => {
  const oldestMs = async () => (await readBacklog(pools.worker)).archive.oldestMs;
  const archiveAll = () =>
    // Other tests' transactions may be behind the horizon for a while.
    until(async () => {
      await archiveNext(pools, { emptyAfterMs: 0 });
      return (await oldestMs()) === 0;
    });
  await archiveAll();
  await pools.root.query("select ledger.write_audit('test', null, 'test.waits', 'x', '{}')");
  await withoutTriggers(pools.root, async (client) => {
    await client.query(
      "update ledger.audit set created_at = created_at - interval '20 minutes' where action = 'test.waits'",
    );
  });
  expect(await oldestMs()).toBeGreaterThanOrEqual(1_200_000);
  // What is begun is not archived.
  await beginArchiveSegment(pools.worker, { recordsMax: 10_000, emptyAfterMs: 0 });
  expect(await oldestMs()).toBeGreaterThanOrEqual(1_200_000);
  await archiveAll();
  await unanswered();
  expect(await oldestMs()).toBeGreaterThan(0);
});

test(
  'a look reads no more rows however many there are, and never the whole table',
  async () => {
    await fill({ completed: 60_000, scheduled: 30_000, unknown: 30_000 });
    await pools.root.query('analyze ledger.transfer');
    for (const [call, mostRows] of [
      ['select ledger.liveness()', 100],
      ['select ledger.backlog()', 60_000],
      ['select ledger.raise_unanswered(500)', 3_000],
    ] as const) {
      const client = await pools.root.connect();
      await client.query('begin');
      // As in the sessions of the programs (drizzle/session.ts).
      await client.query('set local enable_seqscan = off');
      const rowsRead = async () => {
        const { rows } = await client.query<{ scanned: string; fetched: string }>(
          "select seq_tup_read as scanned, coalesce(idx_tup_fetch, 0) as fetched from pg_stat_xact_user_tables where relid = 'ledger.transfer'::regclass",
        );
        return [Number(rows[0]?.scanned), Number(rows[0]?.fetched)] as const;
      };
      // Those of the connection's last transaction may not be counted as past yet.
      const before = await rowsRead();
      await client.query(call);
      const after = await rowsRead();
      const [scanned, fetched] = [after[0] - before[0], after[1] - before[1]];
      await client.query('rollback');
      client.release();
      expect([call, scanned]).toEqual([call, 0]);
      expect([call, fetched <= mostRows, fetched]).toEqual([call, true, fetched]);
    }
    await withoutTriggers(pools.root, async (client) => {
      await client.query("delete from ledger.transfer where idempotency_key like 'filled-%'");
    });
  },
  inTime(120_000),
);

/** Rows as an outage leaves them: set-based, without keys, holds and events, because nothing here reads those. */
async function fill(counts: Record<'completed' | 'scheduled' | 'unknown', number>): Promise<void> {
  for (const [state, count] of Object.entries(counts))
    await withoutTriggers(pools.root, async (client) => {
      await client.query(
        `insert into ledger.transfer (id, tenant_id, state, cause, amount, currency, rail, source_account_id, destination_bank, idempotency_key,
           next_what, next_at, waiting_for, created_by_group, state_since, created_at, updated_at, entry_id, completed_at)
         select gen_random_uuid(), $3, $1, 'x', 1, 'USD', 'instant', $4, '{"scheme":"us_account","routingNumber":"021000021"}', 'filled-' || n,
           case $1 when 'scheduled' then 'send_in_turn' when 'unknown' then 'inquire' end,
           case when $1 <> 'completed' then now() + interval '1 hour' end,
           case $1 when 'scheduled' then 'rail' when 'unknown' then 'answer' end,
           gen_random_uuid(), now(), now(), now(), case $1 when 'completed' then gen_random_uuid() end, case $1 when 'completed' then now() end
         from generate_series(1, $2::int) n`,
        [state, count, accounts.tenantId, accounts.ada],
      );
    });
}
