import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { interimsPerDay } from '../../domain/statement.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi, type Reply } from '../../test/support/harness/api.ts';

/** What is asked of statements, where no worker makes them: they are cut, and stay so. */
const { pools, ledger, accounts, api, another } = freshApi();
let ada: string;
let grace: string;
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
  grace = toPublic('account', accounts.grace);
});

const ask = (account_id: string, key?: string): Promise<Reply> =>
  api.call('/v1/statements', { body: { account_id }, ...(key !== undefined && { key }) });
const outcome = ({ status, body }: Reply) => [status, body.code ?? null];
/** Posts something to Ada's account, and to Grace's. */
const pay = (amount = '1') =>
  api.call('/v1/transfers', {
    key: aKey(),
    body: {
      ...{ rail: 'book', amount, currency: 'USD' },
      ...{ source: { account_id: ada }, destination: { account_id: grace } },
    },
  });

test('a statement on request is cut, with its balances and its range, and read as it is', async () => {
  await pay('2500');
  const made = await ask(ada);
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    ...{ id: expect.stringMatching(/^st_/), object: 'statement', account_id: ada, currency: 'USD' },
    ...{ kind: 'interim', number: null, edition: 1, month: null, zone: 'UTC' },
    ...{ starts_at: expect.any(String), ends_at: expect.any(String) },
    ...{ opening_balance: '0', closing_balance: '7500', held: '0', from_seq: '0', to_seq: '2', parts: 1 },
    ...{ money_in: null, money_out: null, late: null },
    ...{ status: 'cut', document_sha256: null, ready_at: null, replaces_id: null, replaced_by_id: null },
    created_at: expect.any(String),
  });
  expect((await api.call(made.headers['location'] ?? '')).body).toEqual(made.body);
});

test('asked again while nothing was posted it is the same one, and another after that', async () => {
  const first = await ask(ada);
  const again = await ask(ada);
  expect([again.status, again.body.id, again.headers['idempotent-replayed']]).toEqual([201, first.body.id, undefined]);
  await pay();
  const next = await ask(ada);
  expect(next.body.id).not.toBe(first.body.id);
  // Nothing begins where an interim one ends.
  expect(next.body).toMatchObject({ opening_balance: first.body.opening_balance, from_seq: first.body.from_seq });
});

test('a repeated request with its key gets the bytes of its first answer, whatever was posted since', async () => {
  const key = aKey();
  const first = await ask(grace, key);
  await pay();
  expect((await ask(grace)).body.id).not.toBe(first.body.id);
  const again = await ask(grace, key);
  expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
  const other = await ask(ada, key);
  expect([outcome(other), other.body.conflicting_statement_id]).toEqual([
    [422, 'idempotency_key_reused'],
    first.body.id,
  ]);
});

test('accounts of the platform have none, and those of another tenant are not there', async () => {
  expect(outcome(await ask(toPublic('account', accounts.clearing)))).toEqual([422, 'account_kind_not_allowed']);
  const theirs = await createAccounts(pools, ledger);
  for (const id of [theirs.ada, uuidV7()])
    expect(outcome(await ask(toPublic('account', id)))).toEqual([404, 'not_found']);
  const secret = await api.keyWith({ tenantId: theirs.tenantId });
  const own = (await ask(ada)).body.id;
  for (const path of ['', '/postings'])
    expect(outcome(await api.call(`/v1/statements/${own}${path}`, { secret }))).toEqual([404, 'not_found']);
  const link = { body: { format: 'pdf' }, secret };
  expect(outcome(await api.call(`/v1/statements/${own}/links`, link))).toEqual([404, 'not_found']);
  expect((await api.call('/v1/statements', { secret })).body.data).toEqual([]);
});

test('ten a day and account, then it says when to come back', async () => {
  const eve = (await api.call('/v1/accounts', { body: { name: 'Eve', currency: 'USD' } })).body.id;
  const payEve = () =>
    api.call('/v1/transfers', {
      key: aKey(),
      body: {
        ...{ rail: 'book', amount: '1', currency: 'USD' },
        ...{ source: { account_id: ada }, destination: { account_id: eve } },
      },
    });
  const key = aKey();
  const ids = new Set<string>();
  for (let n = 0; n < interimsPerDay; n += 1) {
    await payEve();
    ids.add((await ask(eve)).body.id);
  }
  expect(ids.size).toBe(interimsPerDay);
  // The last one is still answered.
  expect(ids).toContain((await ask(eve)).body.id);
  await payEve();
  const refused = await ask(eve, key);
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([429, 'too_many_statements', true]);
  const midnight = new Date().setUTCHours(24, 0, 0, 0);
  const waitMs = refused.body.retry_after_ms;
  expect(Math.abs(Date.now() + waitMs - midnight)).toBeLessThan(60_000);
  expect(Number(refused.headers['retry-after'])).toBe(Math.ceil(waitMs / 1_000));
  // The key is free, and other accounts are not concerned.
  expect((await ask(ada, key)).status).toBe(201);
});

test('lists have their filters, and a page continues where the one before ended', async () => {
  await pay();
  const [one, two] = [(await ask(ada)).body, (await ask(grace)).body];
  const ids = async (query: string) =>
    (await api.call(`/v1/statements?${query}`)).body.data.map(({ id }: { id: string }) => id);
  expect((await ids('limit=2')).toSorted()).toEqual([one.id, two.id].toSorted());
  expect((await ids(`account_id=${ada}`))[0]).toBe(one.id);
  expect(await ids(`account_id=${ada}`)).not.toContain(two.id);
  expect(await ids(`account_id=${grace}&kind=interim&status=cut&limit=1`)).toEqual([two.id]);
  for (const none of ['kind=monthly', 'kind=final', 'status=ready', 'month=2026-10', `account_id=${ada}&month=2026-10`])
    expect([none, await ids(none)]).toEqual([none, []]);
  const all = await ids('limit=100');
  const walked: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Reply = await api.call(`/v1/statements?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    walked.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
  }
  expect(walked).toEqual(all);
});

test('the postings of a statement are its range, oldest first, and stay so', async () => {
  await pay();
  const { body: statement } = await ask(ada);
  const first = await api.call(`/v1/statements/${statement.id}/postings?limit=1`);
  expect(first.body.data).toEqual([
    {
      ...{ object: 'statement_posting', seq: '1', amount: '10000', balance_after: '10000', is_late: false },
      ...{ description: expect.any(String), counterparty: expect.anything(), reference: null, reverses_id: null },
      ...{ transfer_id: expect.stringMatching(/^tr_/), entry_id: expect.stringMatching(/^en_/) },
      ...{ effective_at: expect.stringMatching(/Z$/), created_at: expect.stringMatching(/Z$/) },
    },
  ]);
  await pay();
  const seqs: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const address = `/v1/statements/${statement.id}/postings?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body }: Reply = await api.call(address);
    seqs.push(...body.data.map(({ seq }: { seq: string }) => seq));
    cursor = body.next_cursor;
  }
  expect(seqs).toEqual(Array.from({ length: Number(statement.to_seq) }, (_, n) => String(n + 1)));
  const elsewhere = `/v1/statements/${(await ask(grace)).body.id}/postings?cursor=${first.body.next_cursor}`;
  expect(outcome(await api.call(elsewhere))).toEqual([400, 'validation_failed']);
});

test('what is not ready has no links, and what keeps no files cuts no statement', async () => {
  const { id } = (await ask(ada)).body;
  const link = await api.call(`/v1/statements/${id}/links`, { body: { format: 'pdf' } });
  expect([outcome(link), link.body.retryable, link.headers['retry-after']]).toEqual([
    [409, 'statement_not_ready'],
    false,
    undefined,
  ]);
  const without = await another({ storageUrl: null });
  const refused = await without.call('/v1/statements', { body: { account_id: ada } });
  expect([outcome(refused), refused.body.detail]).toEqual([
    [503, 'not_attempted'],
    expect.stringContaining('STORAGE_URL'),
  ]);
});
