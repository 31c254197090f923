import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { chooserOf } from '../../test/model/play/choose.ts';
import { type Pools, setStatus } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { beginAt, closeMonth, cutMonth, makeAll } from '../../test/support/fixtures/statements.ts';
import {
  makeMonths,
  type WrittenEntry,
  type WrittenPosting,
  writeAccounts,
  writeEntries,
} from '../../test/support/fixtures/written-postings.ts';
import { inTime } from '../../test/support/harness/in-time.ts';
import { createTenant } from '../access/create-tenant.ts';
import { examine } from '../verify/examine.ts';
import { requestStatement } from './request.ts';

/**
 * Three months of forty accounts, in a past that is written in sets: clocks that jump ahead and back, zones that change, months that
 * are cut at any moment or ended early, accounts that are closed, statements on request. Whatever happened, every posting is on exactly
 * one numbered statement. `SEED=… npm run jest -- ledger/statements/exactly-once` plays the same again.
 */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const rounds = 60;
const entriesPerRound = 100;
const minute = 60_000;
const zones = ['Europe/Warsaw', 'America/New_York', 'America/Santiago', 'Africa/Cairo', 'Asia/Kathmandu', 'UTC'];

// Accounts are written without their opening, and entries without their requests and events.
const { pools, database } = freshLedger({
  mayViolate: ['accounts', 'batches', 'causes', 'effective', 'limits', 'states', 'totals'],
});

type Play = {
  tenantId: string;
  chooser: ReturnType<typeof chooserOf>;
  /** What the clock of the database says; what it should say is `now`. */
  clock: number;
  now: number;
  open: string[];
  closed: Set<string>;
  opened: Map<string, number>;
  postings: Map<string, WrittenPosting[]>;
  months: Set<string>;
};

async function startPlay(): Promise<Play> {
  const chooser = chooserOf(seed);
  const begin = Date.UTC(2026, 0, 1);
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Play', actor: 'test' });
  await makeMonths(pools, new Date(Date.UTC(2025, 11, 1)), new Date(Date.UTC(2026, 5, 1)));
  const quiet = chooser.one(['monthly', 'quarterly', 'skipped'] as const);
  await beginAt(pools, { tenantId, month: '2026-01', zone: chooser.one(zones), quiet });
  const accounts = Array.from({ length: 40 }, (_, n) => ({
    ...{ id: uuidV7(), name: `Account ${n}` },
    openedAt: new Date(begin + (n < 20 ? 0 : chooser.number(80 * 24 * 60)) * minute),
  }));
  await writeAccounts(pools, tenantId, accounts);
  return {
    ...{ tenantId, chooser, clock: begin, now: begin, closed: new Set(), months: new Set(), postings: new Map() },
    open: accounts.map(({ id }) => id),
    opened: new Map(accounts.map(({ id, openedAt }) => [id, openedAt.getTime()])),
  };
}

/** A round of commits, by a clock that may jump; then whatever a day brings. */
async function playRound(play: Play): Promise<void> {
  const { chooser } = play;
  if (chooser.chance(20)) play.clock = play.now + (chooser.number(8 * 60) - 6 * 60) * minute;
  if (chooser.chance(30)) play.clock = play.now;
  await post(play, entriesOf(play));
  if (chooser.chance(10)) await changeZone(play);
  if (chooser.chance(8)) await closeOne(play);
  if (chooser.chance(20)) await request(play, chooser.one([...play.open, ...play.closed]));
  if (chooser.chance(6)) await endEarly(play);
  if (chooser.chance(40)) await cutWhatIsOver(play);
}

function entriesOf(play: Play): WrittenEntry[] {
  const { chooser } = play;
  return Array.from({ length: entriesPerRound }, () => {
    const step = chooser.number(44) * minute;
    play.now += step;
    play.clock += step;
    const there = openedOf(play);
    const debit = chooser.one(there);
    const credit = chooser.one(there.filter((id) => id !== debit));
    const late = chooser.chance(5) && { effectiveAt: new Date(play.clock - chooser.number(60 * 24 * 60) * minute) };
    return { at: new Date(play.clock), debit, credit, amount: BigInt(1 + chooser.number(100_000)), ...late };
  });
}

/** The open accounts that were opened by now, or by the clock as it stands. */
const openedOf = ({ open, opened, clock, now }: Play): string[] =>
  open.filter((id) => (opened.get(id) ?? 0) <= Math.max(clock, now));

async function post(play: Play, entries: readonly WrittenEntry[]): Promise<void> {
  for (const posting of await writeEntries(pools, play.tenantId, entries)) {
    const there = play.postings.get(posting.accountId) ?? [];
    play.postings.set(posting.accountId, [...there, posting]);
  }
}

async function changeZone({ tenantId, chooser, now }: Play): Promise<void> {
  const { rows } = await pools.root.query<{ answer: { result: string } }>(
    'select ledger.change_statement_plan($1) as answer',
    [{ tenant_id: tenantId, zone: chooser.one(zones), actor: 'test', asked_at: new Date(now) }],
  );
  expect(rows[0]?.answer.result).toBe('ok');
}

async function closeOne(play: Play): Promise<void> {
  const { chooser, tenantId } = play;
  if (play.open.length < 30) return;
  const there = openedOf(play);
  const id = chooser.one(there);
  const other = chooser.one(there.filter((one) => one !== id));
  const last = play.postings.get(id)?.at(-1);
  const at = new Date(play.clock);
  if (last && last.balance > 0n) await post(play, [{ at, debit: id, credit: other, amount: last.balance }]);
  if (last && last.balance < 0n) await post(play, [{ at, debit: other, credit: id, amount: -last.balance }]);
  expect(await setStatus(pools, { id, tenantId, status: 'closed' })).toEqual({ ok: true, value: null });
  play.open = play.open.filter((one) => one !== id);
  play.closed.add(id);
}

async function request({ tenantId }: Play, accountId: string): Promise<void> {
  const answer = await requestStatement(pools.api, {
    ...{ id: uuidV7(), tenantId, accountId, actor: 'test', idempotencyKey: null },
  });
  if (!answer.ok) expect(answer.refusal.code).toBe('too_many_statements');
}

/** As `ledger.end_statement_month`, at a moment of the play. */
async function endEarly({ tenantId, now }: Play): Promise<void> {
  await pools.root.query(
    `select ledger.open_months(array[tenant_id], $2, now()) from ledger.statement_plan
     where tenant_id = $1 and next_from_at < $2 and next_to_at > $2`,
    [tenantId, new Date(now)],
  );
}

async function cutWhatIsOver(play: Play): Promise<void> {
  await pools.root.query('select ledger.open_statement_months(10, $1)', [new Date(play.now)]);
  const { rows } = await pools.root.query<{ month: string; to_at: Date }>(
    "select month, to_at from ledger.statement_month where tenant_id = $1 and status = 'waiting' order by from_at",
    [play.tenantId],
  );
  for (const { month, to_at: toAt } of rows) {
    await cutMonth(pools, { tenantId: play.tenantId, month }, 1 + play.chooser.number(30));
    await compareCut(play, month, toAt);
    play.months.add(month);
  }
}

/** Every account that was open ends with its last posting before the end of the month, as far as was posted until now. */
async function compareCut({ tenantId, opened, postings }: Play, month: string, toAt: Date): Promise<void> {
  const { rows } = await pools.root.query<{ account_id: string; month: string | null; to_seq: string }>(
    `select distinct on (account_id) account_id, month, to_seq::text from ledger.statement
     where tenant_id = $1 and number is not null order by account_id, number desc`,
    [tenantId],
  );
  const last = new Map(rows.map((row) => [row.account_id, row]));
  for (const [id, openedAt] of opened) {
    if (openedAt >= toAt.getTime()) continue;
    const expected = postings.get(id)?.findLast(({ at }) => at < toAt)?.seq ?? 0n;
    const found = last.get(id);
    const toSeq = BigInt(found?.to_seq ?? 0);
    // A final one reaches further, and what a clock that was set back added to a month is on a later one.
    expect([seed, id, month, toSeq >= expected]).toEqual([seed, id, month, true]);
    if (found?.month === month && !isFinal(postings.get(id), toSeq)) expect(toSeq).toBe(expected);
  }
}

const isFinal = (of: WrittenPosting[] | undefined, seq: bigint): boolean => of?.at(-1)?.seq === seq;

test(
  `${2 * rounds * entriesPerRound} postings: each is on exactly one numbered statement, seed ${seed}`,
  async () => {
    const play = await startPlay();
    for (let round = 0; round < rounds; round += 1) await playRound(play);
    const { tenantId } = play;
    // A last month, behind every clock of the play.
    play.now = Math.max(...[...play.postings.values()].flat().map(({ at }) => at.getTime()), play.now) + minute;
    await cutWhatIsOver(play);
    await endEarly(play);
    await cutWhatIsOver(play);
    await makeAll(pools, { tenantId, month: null });
    for (const month of play.months) await makeAll(pools, { tenantId, month });
    for (const [name, sql] of Object.entries(oracles)) {
      const { rows } = await pools.reader.query(sql, [tenantId]);
      expect({ seed, name, rows }).toEqual({ seed, name, rows: [] });
    }
    expect([...play.postings.values()].flat().length).toBeGreaterThanOrEqual(10_000);
    for (const month of play.months) {
      expect(await closeMonth(pools, { tenantId, month })).toMatchObject({ status: 'closed' });
      expect(await digestOf(pools, tenantId, month)).toBe(await digestAgain(pools, tenantId, month));
    }
  },
  inTime(240_000),
);

test('what was posted before its account was opened, by a clock that was set back, is on the statement of the next month', async () => {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Set back', actor: 'test' });
  await makeMonths(pools, new Date(Date.UTC(2026, 0, 1)), new Date(Date.UTC(2026, 2, 1)));
  await beginAt(pools, { tenantId, month: '2026-01', quiet: 'skipped' });
  const [old, opened] = [uuidV7(), uuidV7()];
  await writeAccounts(pools, tenantId, [
    { id: old, name: 'Old', openedAt: new Date('2026-01-02T00:00:00Z') },
    { id: opened, name: 'Opened by a clock ahead', openedAt: new Date('2026-02-01T00:30:00Z') },
  ]);
  const at = new Date('2026-01-31T23:50:00Z');
  await writeEntries(pools, tenantId, [{ at, debit: old, credit: opened, amount: 100n }]);
  const openOne = () =>
    pools.root.query('select ledger.open_statement_months(10, $1)', [new Date('2026-03-02T00:00:00Z')]);
  await openOne();
  expect(await cutMonth(pools, { tenantId, month: '2026-01' })).toBe(1);
  expect((await examine({ url: database.reader })).find(({ name }) => name === 'statement-months')?.breaches).toBe('0');
  await openOne();
  expect(await cutMonth(pools, { tenantId, month: '2026-02' })).toBe(1);
  const made = await makeAll(pools, { tenantId, month: '2026-02' });
  expect([...made.values()]).toMatchObject([{ accountId: opened, fromSeq: 0n, toSeq: 1n, closing: 100n }]);
  await makeAll(pools, { tenantId, month: '2026-01' });
});

/** Each finds what is wrong, in a way that no verb takes. */
const oracles = {
  'a posting that is not on exactly one numbered statement': `
    select posting.account_id, posting.seq, count(statement.id)
    from ledger.posting
    left join ledger.statement on statement.account_id = posting.account_id and statement.number is not null
      and posting.seq > statement.from_seq and posting.seq <= statement.to_seq
    where posting.tenant_id = $1
    group by posting.account_id, posting.seq having count(statement.id) <> 1 limit 3`,
  'a statement that does not begin where the one before it ended': `
    select * from (
      select account_id, number, from_seq, from_at, opening,
        lag(number, 1, 0) over numbered as before, lag(to_seq, 1, 0::bigint) over numbered as end_seq,
        lag(to_at, 1, from_at) over numbered as end_at, lag(closing, 1, 0::bigint) over numbered as end_balance
      from ledger.statement where tenant_id = $1 and number is not null
      window numbered as (partition by account_id order by number)
    ) chain
    where number <> before + 1 or from_seq <> end_seq or from_at <> end_at or opening <> end_balance limit 3`,
  'a statement whose sums are not those of its postings': `
    select statement.id from ledger.statement
    left join ledger.posting on posting.account_id = statement.account_id
      and posting.seq > statement.from_seq and posting.seq <= statement.to_seq
    where statement.tenant_id = $1 and statement.status = 'ready'
    group by statement.id
    having money_in <> coalesce(sum(signed) filter (where signed > 0), 0)
      or money_out <> -coalesce(sum(signed) filter (where signed < 0), 0)
      or count_in + count_out <> count(seq) or closing - opening <> coalesce(sum(signed), 0)
      or late_count <> count(*) filter (where least(posting.effective_at, posting.created_at) < from_at)
    limit 3`,
  'an interim statement that does not begin at the end of a numbered one': `
    select id from ledger.statement interim where tenant_id = $1 and kind = 'interim' and from_seq > 0 and not exists (
      select from ledger.statement numbered where numbered.account_id = interim.account_id and numbered.number is not null
        and (numbered.to_seq, numbered.to_at, numbered.closing) = (interim.from_seq, interim.from_at, interim.opening))`,
  'a statement that is not ready': "select id from ledger.statement where tenant_id = $1 and status <> 'ready'",
  'months that do not touch': `
    select month from (
      select month, from_at, lag(to_at, 1, from_at) over (order by from_at) as end_at
      from ledger.statement_month where tenant_id = $1) months
    where from_at <> end_at`,
};

async function digestOf({ reader }: Pools, tenantId: string, month: string): Promise<string | undefined> {
  const { rows } = await reader.query<{ digest: string }>(
    "select encode(digest, 'hex') as digest from ledger.statement_month where tenant_id = $1 and month = $2",
    [tenantId, month],
  );
  return rows[0]?.digest;
}

/** The digest as its description says it, made from what the statements say. */
async function digestAgain({ reader }: Pools, tenantId: string, month: string): Promise<string> {
  const { rows } = await reader.query<{ account: Buffer; number: number; document: Buffer }>(
    `select uuid_send(account_id) as account, number, document_sha256 as document from ledger.statement
     join ledger.account on account.id = account_id
     where statement.tenant_id = $1 and month = $2 and statement.kind = 'monthly' and replaces_id is null
     order by account.created_at, account.id`,
    [tenantId, month],
  );
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  return rows
    .reduce(
      (digest, { account, number, document }) => {
        const place = Buffer.alloc(4);
        place.writeInt32BE(number);
        return sha256(Buffer.concat([digest, account, place, document]));
      },
      sha256(Buffer.alloc(0)),
    )
    .toString('hex');
}
