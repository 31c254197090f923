import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { interimsPerDay } from '../../domain/statement.ts';
import { anAccount, aTransfer, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aKeyFor } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { endMonth, makeAll, setQuiet, takeAll } from '../../test/support/fixtures/statements.ts';
import { reissueStatement } from './reissue.ts';
import { requestStatement, type StatementRequest } from './request.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
beforeEach(() => setQuiet(pools, accounts));

const move = () => ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }));
const ask = (overrides: Partial<StatementRequest> = {}) => {
  const { tenantId, ada } = accounts;
  const request = { id: uuidV7(), tenantId, accountId: ada, actor: 'test', idempotencyKey: null, ...overrides };
  return requestStatement(pools.api, request);
};
const made = { ok: true, value: { result: 'made' } };
const again = (id: string | undefined) => ({ ok: true, value: { result: 'again', id } });
const idOf = (answer: Awaited<ReturnType<typeof ask>>) => (answer.ok ? answer.value.id : undefined);
const rowsOf = async (accountId: string) =>
  (
    await pools.root.query<{
      id: string;
      number: number | null;
      from_seq: string;
      to_seq: string;
      sequence_of_day: number;
    }>(
      'select id, number, from_seq, to_seq, sequence_of_day from ledger.statement where account_id = $1 order by created_at',
      [accountId],
    )
  ).rows;

test('it begins where the last numbered one ended, every time, and the next of those does not feel it', async () => {
  const { tenantId, ada } = accounts;
  await makeAll(pools, { tenantId, month: await endMonth(pools, accounts) });
  await move();
  expect(await ask()).toMatchObject(made);
  await move();
  expect(await ask()).toMatchObject(made);
  const found = [...(await makeAll(pools, { tenantId, month: null })).values()];
  expect(found).toMatchObject([
    { kind: 'interim', number: null, month: null, fromSeq: 1n, toSeq: 2n, opening: 10_000n, closing: 9_999n },
    { kind: 'interim', number: null, month: null, fromSeq: 1n, toSeq: 3n, opening: 10_000n, closing: 9_998n },
  ]);
  const next = [...(await makeAll(pools, { tenantId, month: await endMonth(pools, accounts) })).values()];
  expect(next.find(({ accountId }) => accountId === ada)).toMatchObject({ number: 2, fromSeq: 1n, toSeq: 3n });
});

test('without a posting since, the last one is the answer: an interim one, a numbered one, or the newest edition of that', async () => {
  const { tenantId, ada } = accounts;
  const first = await ask();
  expect(first).toMatchObject(made);
  expect(await ask()).toEqual(again(idOf(first)));
  const monthly = [...(await makeAll(pools, { tenantId, month: await endMonth(pools, accounts) })).values()].find(
    ({ accountId }) => accountId === ada,
  );
  expect(await ask()).toEqual(again(monthly?.id));
  const edition = await reissueStatement(pools.root, { id: monthly?.id ?? '', actor: 'test' });
  expect(await ask()).toEqual(again(edition.ok ? edition.value.id : ''));
});

test('of two that ask at once, and of twenty, one gets a new one', async () => {
  for (let round = 0; round < 10; round += 1) {
    await move();
    const answers = await Promise.all(Array.from({ length: round === 0 ? 20 : 2 }, () => ask()));
    expect(answers.filter((answer) => answer.ok && answer.value.result === 'made')).toHaveLength(1);
    expect(new Set(answers.map(idOf)).size).toBe(1);
  }
});

test('ten on a day, then no more until something else is the answer', async () => {
  for (let n = 0; n < interimsPerDay; n += 1) {
    await move();
    expect(await ask()).toMatchObject(made);
  }
  const last = await ask();
  expect(last).toMatchObject({ value: { result: 'again' } });
  await move();
  expect(await ask()).toEqual({ ok: false, refusal: { code: 'too_many_statements' } });
  expect((await rowsOf(accounts.ada)).map((row) => row.sequence_of_day)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  // Another account has its own ten.
  expect(await ask({ accountId: accounts.grace })).toMatchObject(made);
});

test('a request that is sent again is the same one: by its key, and by its id', async () => {
  const id = uuidV7();
  const idempotencyKey = aKeyFor({ id });
  expect(await ask({ id, idempotencyKey })).toEqual({ ok: true, value: { result: 'made', id } });
  await move();
  expect(await ask({ idempotencyKey })).toEqual({ ok: true, value: { result: 'replayed', id } });
  const other = { ...aKeyFor({}), key: idempotencyKey.key };
  expect(await ask({ idempotencyKey: other })).toEqual({
    ...{ ok: false, refusal: { code: 'key_reused', conflict: { thing: 'statement', id } } },
  });
  const own = uuidV7();
  expect(await ask({ id: own })).toEqual({ ok: true, value: { result: 'made', id: own } });
  expect(await ask({ id: own })).toEqual({ ok: true, value: { result: 'made', id: own } });
});

test('whose it is not, and what has none', async () => {
  const stranger = await anAccount(pools, { tenantId: accounts.tenantId });
  expect(await ask({ tenantId: accounts.grace })).toEqual({ ok: false, refusal: { code: 'not_found' } });
  expect(await ask({ accountId: uuidV7() })).toEqual({ ok: false, refusal: { code: 'not_found' } });
  expect(await ask({ accountId: accounts.clearing })).toEqual({ ok: false, refusal: { code: 'account_kind' } });
  await setStatus(pools, { id: stranger, tenantId: accounts.tenantId, status: 'closed' });
  const [final] = await rowsOf(stranger);
  expect(await ask({ accountId: stranger })).toEqual(again(final?.id));
});

test('nobody who posts waits for it, and it waits for nobody who posts', async () => {
  const { ada } = accounts;
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query('select from ledger.balance where account_id = $1 for update', [ada]);
    // It says what was committed, without the commit that holds the lock.
    expect(await ask()).toMatchObject(made);
  } finally {
    await client.query('rollback');
    client.release();
  }
  let isPosting = true;
  const posting = Promise.all(Array.from({ length: 60 }, () => move())).finally(() => {
    isPosting = false;
  });
  while (isPosting) {
    const answer = await ask();
    expect(answer.ok ? 'ok' : answer.refusal.code).toMatch(/^(ok|too_many_statements)$/);
  }
  await posting;
  const { rows } = await pools.root.query<{ closing: string; posted: string }>(
    `select statement.closing, posting.balance_after as posted from ledger.statement
     join ledger.posting on posting.account_id = statement.account_id and posting.seq = statement.to_seq
     where statement.account_id = $1`,
    [ada],
  );
  expect(rows.filter(({ closing, posted }) => closing !== posted)).toEqual([]);
  // What was cut while others posted is whole.
  expect((await takeAll(pools, { tenantId: accounts.tenantId, month: null })).length).toBe(rows.length);
});
