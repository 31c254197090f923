import { beforeAll, describe, expect, test } from '@jest/globals';
import { withLock } from '../../operator/detach-month.ts';
import { type Accounts, anAccount, aTransfer, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aDetachableMonth, archiveAll, firstMonth } from '../../test/support/fixtures/detached.ts';
import { aLeg, anEntry, aReversal } from '../../test/support/fixtures/entries.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { monthsAgo } from '../../test/support/fixtures/old-book.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';
import { makeAll } from '../../test/support/fixtures/statements.ts';
import { inTime } from '../../test/support/harness/in-time.ts';
import { postEntries } from '../entries/post-entries.ts';
import { reissueStatement } from '../statements/reissue.ts';
import { examine } from '../verify/examine.ts';
import { attachMonth } from './attach.ts';
import { beginDetaching } from './begin-detaching.ts';
import { detachMonth } from './detach.ts';
import { keepRows } from './keep-rows.ts';
import { ledgerMonths } from './list.ts';

/** One book: its tests follow each other, as the months do. */
const { database, pools, ledger } = freshLedger();
const month = monthsAgo(firstMonth);
const following = monthsAgo(firstMonth - 1);
let accounts: Accounts;
let ids: Record<string, string>;
const actor = 'test';
const begin = (of = month) => beginDetaching(pools.root, { month: of, keep: 3, actor });
const keep = (rows = 4, of = month) => keepRows(pools.root, { month: of, rows });
const detach = (of = month) => detachMonth(pools.root, { month: of, keep: 3, waitMs: 2_000, actor });
const attach = (of = month) => attachMonth(pools.root, { month: of, waitMs: 2_000, actor });

async function keepAll(of = month): Promise<void> {
  for (;;) {
    const { result } = await keep(7, of);
    if (result === 'whole') return;
    expect(result).toBe('more');
  }
}
/** Does something that is taken back. */
async function meanwhile(sql: string, work: () => Promise<void>, undo: string): Promise<void> {
  const change = (text: string) =>
    pools.root.query(`begin; set local session_replication_role = replica; ${text}; commit`);
  await change(sql);
  try {
    await work();
  } finally {
    await change(undo);
  }
}
const found = async () => (await examine({ url: database.reader })).filter(({ breaches }) => breaches !== '0');
const count = async (sql: string) =>
  (await pools.root.query<{ n: number }>(`select (${sql})::int as n`)).rows[0]?.n ?? 0;
const tables = (schema: string) =>
  count(
    `select count(*) from pg_class where relnamespace = '${schema}'::regnamespace and relname like '%_${month.replace('-', '_')}' and relname not like 'delivery%' and relkind = 'r'`,
  );

beforeAll(async () => {
  ({ accounts, ids } = await aDetachableMonth({ pools, ledger }));
}, inTime(180_000));

describe('a month that may not go', () => {
  const cases: readonly (readonly [code: string, sql: () => string, undo: () => string])[] = [
    [
      'notices_due',
      () => `insert into ledger.notice_due (endpoint_id, event_id, tenant_id, subject_type, subject_id, version, next_at, event_at)
        select gen_random_uuid(), id, tenant_id, subject_type, subject_id, version, now(), created_at from ledger.event where subject_id = '${ids['book']}'`,
      () => `delete from ledger.notice_due where subject_id = '${ids['book']}'`,
    ],
    [
      'deliveries_kept',
      () => `insert into ledger.delivery (id, tenant_id, endpoint_id, event_id, subject_type, subject_id, try, outcome, took_ms, created_at)
        select gen_random_uuid(), tenant_id, gen_random_uuid(), id, subject_type, subject_id, 1, 'delivered', 1, created_at from ledger.event where subject_id = '${ids['book']}'`,
      () => 'delete from ledger.delivery',
    ],
    [
      'not_archived',
      () => "update ledger.archive_segment set begun_at = begun_at - interval '1 year'",
      () => "update ledger.archive_segment set begun_at = begun_at + interval '1 year'",
    ],
    [
      'statements_not_ready',
      () =>
        `update ledger.statement_month set status = 'making', digest = null, closed_at = null where month = '${month}'`,
      () =>
        `update ledger.statement_month set status = 'closed', digest = sha256('x'), closed_at = now() where month = '${month}'`,
    ],
  ];

  test.each(cases)('%s', async (code, sql, undo) => {
    // The digest of a month is not made up again.
    const { rows } = await pools.root.query<{ digest: string; at: Date }>(
      `select encode(digest, 'hex') as digest, closed_at as at from ledger.statement_month where month = '${month}'`,
    );
    await meanwhile(
      sql(),
      async () => {
        expect(await begin()).toEqual({ result: 'refused', refusals: [code] });
        const listed = (await ledgerMonths(pools.root, 3)).find((one) => one.month === month);
        expect(listed).toMatchObject({ status: 'attached', refusals: [code] });
      },
      `${undo()}; update ledger.statement_month set digest = '\\x${rows[0]?.digest}', closed_at = '${rows[0]?.at.toISOString()}' where month = '${month}'`,
    );
  });

  test('not the oldest, or too young', async () => {
    expect(await begin(following)).toEqual({ result: 'refused', refusals: ['not_oldest'] });
    expect(await begin(monthsAgo(3))).toMatchObject({ refusals: expect.arrayContaining(['too_young', 'not_oldest']) });
    expect(await begin(monthsAgo(4))).toMatchObject({ refusals: ['not_oldest'] });
    await expect(beginDetaching(pools.root, { month, keep: 2, actor })).rejects.toThrow('at least 3');
  });
});

test('what is not begun is not kept, and what is not kept is not detached', async () => {
  expect(await keep()).toEqual({ result: 'not_begun' });
  expect(await detach()).toEqual({ result: 'not_kept' });
  expect(await attach()).toEqual({ result: 'again' });
});

test('it is begun once, and then nothing may ask for more of it', async () => {
  expect(await begin()).toEqual({ result: 'begun' });
  expect(await begin()).toEqual({ result: 'again' });
  const [refused] = await postEntries(pools.api, [aReversal(accounts, ids['plain'] ?? '')], async () => {});
  expect(refused).toEqual({ result: 'archived' });
  const { rows } = await pools.root.query<{ id: string }>(
    `select id from ledger.statement where account_id = '${accounts.ada}' and month = '${month}'`,
  );
  await keep(1_000);
  expect(await reissueStatement(pools.root, { id: rows[0]?.id ?? '', actor })).toMatchObject({
    refusal: { code: 'archived' },
  });
});

test('given up, it is as before, and begins again where it was', async () => {
  expect(await attach()).toEqual({ result: 'attached' });
  const [posted] = await postEntries(pools.api, [aReversal(accounts, ids['dated'] ?? '')], async () => {});
  expect(posted).toMatchObject({ result: 'decided', refusal: null });
  await archiveAll(pools);
  expect(await begin()).toEqual({ result: 'begun' });
});

test.each([
  [
    'transfers_open',
    () =>
      `update ledger.transfer set state = 'unknown', next_what = 'inquire', next_at = now(), waiting_for = 'answer' where id = '${ids['accepted']}'`,
    () =>
      `update ledger.transfer set state = 'completed', next_what = null, next_at = null, waiting_for = null where id = '${ids['accepted']}'`,
  ],
  [
    'holds_open',
    () => `update ledger.client_hold set state = 'open', closed_at = null where id = '${ids['hold']}'`,
    () => `update ledger.client_hold set state = 'released', closed_at = updated_at where id = '${ids['hold']}'`,
  ],
])('what began in it and is open stops it: %s', async (code, sql, undo) => {
  await meanwhile(
    sql(),
    async () => {
      for (;;) {
        const { result } = await keep(3);
        if (result === code) break;
        expect(result).toBe('more');
      }
      expect(await keep(3)).toEqual({ result: code });
      expect(await detach()).toEqual({ result: 'not_kept' });
    },
    undo(),
  );
});

test('a page that is taken back leaves the place where it was, and pages of two operators are one after the other', async () => {
  const before = await count('select entries + events from ledger.detached_month');
  const client = await pools.root.connect();
  await client.query('begin');
  await client.query('select ledger.keep_rows($1, 3)', [`${month}-01`]);
  await client.query('rollback');
  client.release();
  expect(await count('select entries + events from ledger.detached_month')).toBe(before);
  await Promise.all([keep(2), keep(2), keep(2)]);
  await keepAll();
  const kept = await count('select sum(seq) from ledger.kept_balance');
  expect(kept).toBe(await count(`select count(*) from ledger.posting where created_at < '${following}-01Z'`));
  expect(await keep()).toEqual({ result: 'whole' });
  expect(await found()).toEqual([]);
});

test('while somebody holds a table it is busy, and who posts waits no longer than it does', async () => {
  const client = await pools.root.connect();
  await client.query('begin; lock table ledger.event in row exclusive mode');
  const answer = detachMonth(pools.root, { month, keep: 3, waitMs: 50, actor });
  const posted = reserved(ledger, aTransfer(accounts, { amount: '1' }));
  expect(await answer).toEqual({ result: 'busy' });
  await posted;
  await client.query('rollback');
  client.release();
  expect(await tables('ledger')).toBe(3);
});

test('two operators detach it once, while somebody goes on posting', async () => {
  let isOver = false;
  const writer = (async () => {
    for (let n = 0; !isOver || n < 5; n += 1) await reserved(ledger, aTransfer(accounts, { amount: '1' }));
  })();
  const both = await Promise.all([withLock(() => detach()), withLock(() => detach())]);
  isOver = true;
  await writer;
  expect(both.map(({ result }) => result).toSorted()).toEqual(['again', 'detached']);
  expect([await tables('ledger'), await tables('ledger_detached')]).toEqual([0, 3]);
  expect(await begin()).toEqual({ result: 'detached' });
  expect(await found()).toEqual([]);
});

test('no role of ours reads what is detached', async () => {
  const table = `ledger_detached.posting_${month.replace('-', '_')}`;
  for (const pool of [pools.api, pools.worker, pools.reader])
    await expect(pool.query(`select from ${table}`)).rejects.toThrow('permission denied for schema');
});

test('no partition is made for it, whatever a clock says, and it comes back only as it went', async () => {
  await pools.root.query(
    `select ledger.make_partition(name, $1) from unnest(array['entry', 'posting', 'event']) name`,
    [`${month}-01`],
  );
  expect([await tables('ledger'), await tables('ledger_detached')]).toEqual([0, 3]);
  await pools.root.query('alter table ledger.event add constraint newer check (version > 0)');
  expect(await withLock(() => attach())).toEqual({ result: 'other_schema' });
  await pools.root.query('alter table ledger.event drop constraint newer');
  expect([await tables('ledger'), await tables('ledger_detached')]).toEqual([0, 3]);
});

test('an account whose postings are all detached goes on: a posting, an interim statement, its end', async () => {
  const quiet = ids['quiet'] ?? '';
  const entry = anEntry(accounts, [aLeg(quiet, accounts.grace, 20)]);
  expect(await postEntries(pools.api, [entry], async () => {})).toMatchObject([{ refusal: null }]);
  const { rows } = await pools.root.query<{ seq: string; balance: string }>(
    'select seq::text as seq, balance_after::text as balance from ledger.posting where account_id = $1',
    [quiet],
  );
  expect(rows).toEqual([{ seq: '2', balance: '0' }]);
  await setStatus(pools, { id: quiet, tenantId: accounts.tenantId, status: 'closed' });
  const made = await makeAll(pools, { tenantId: accounts.tenantId, month: null });
  expect(
    [...made.values()].map(({ accountId, kind, opening, closing }) => ({ accountId, kind, opening, closing })),
  ).toEqual([{ accountId: quiet, kind: 'final', opening: 20n, closing: 0n }]);
  expect(await found()).toEqual([]);
});

test('it is attached again, and everything is as if it had never been away', async () => {
  expect(await withLock(() => attach())).toEqual({ result: 'attached' });
  expect([await tables('ledger'), await tables('ledger_detached')]).toEqual([3, 0]);
  expect(await found()).toEqual([]);
  const old = await anAccount(pools, { tenantId: accounts.tenantId });
  expect(old).not.toBe('');
  const [reversed] = await postEntries(pools.api, [aReversal(accounts, ids['plain'] ?? '')], async () => {});
  expect(reversed).toMatchObject({ result: 'decided', refusal: null });
});

test('detached again it keeps what was asked for meanwhile, and the next one follows', async () => {
  await makeAll(pools, { tenantId: accounts.tenantId, month: null });
  expect(await begin()).toEqual({ result: 'begun' });
  await keepAll();
  expect(await withLock(() => detach())).toEqual({ result: 'detached' });
  expect(await found()).toEqual([]);
  expect(await begin(following)).toEqual({ result: 'begun' });
  await keepAll(following);
  expect(await attach()).toEqual({ result: 'not_last' });
  expect(await withLock(() => detach(following))).toEqual({ result: 'detached' });
  expect(await found()).toEqual([]);
});

test('a month whose tables were dropped stays away', async () => {
  await pools.root.query(`drop table ledger_detached.entry_${following.replace('-', '_')}`);
  expect(await attach(following)).toEqual({ result: 'gone' });
  expect(
    (await ledgerMonths(pools.root, 3)).filter(({ status }) => status === 'detached').map(({ month: one }) => one),
  ).toEqual([month, following]);
});

test('what is kept only goes forward, whatever the code says', async () => {
  for (const sql of [
    'update ledger.kept_balance set seq = seq - 1',
    'update ledger.kept_balance set balance_after = balance_after + 1, credit_posted = credit_posted + normal',
    'delete from ledger.kept_balance',
    `update ledger.detached_month set status = 'attached', detached_at = null where month = '${month}-01'`,
    'update ledger.detached_month set postings = postings + 1',
  ])
    await expect(pools.root.query(sql)).rejects.toThrow();
});
