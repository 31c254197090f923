import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { createAccounts, ledgerOf } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

/** The nine routes of the first requirement document, over the same ledger, workflow, keys and scopes as `/v1`. */
const { pools, accounts, api, another } = freshApi();

const open = async (name: string, more: object = {}) =>
  (await api.call('/account', { body: { name, ...more } })).body.account_id as string;
const payIn = (account_id: string, amount: string, key = aKey()) =>
  api.call('/add_balance', { body: { account_id, amount }, key });
const move = (body: object, key = aKey()) => api.call('/transfer', { body, key });
const balanceOf = async (account_id: string) => (await api.call('/balance', { body: { account_id } })).body;
const fundingAccounts = async (tenantId = accounts.tenantId) => {
  const sql = "select currency from ledger.balance where tenant_id = $1 and kind = 'funding' order by currency";
  return (await pools.root.query<{ currency: string }>(sql, [tenantId])).rows.map(({ currency }) => currency);
};

test('/ping and /health answer without a key', async () => {
  expect((await api.call('/ping', { secret: null })).body).toEqual({ status: 'ok' });
  expect((await api.call('/health', { secret: null })).body).toMatchObject({ status: 'ok', database: 'ok' });
});

test('/account opens an empty account, in dollars unless another currency is asked for', async () => {
  const made = await api.call('/account', { body: { name: 'Mary' } });
  const { account_id } = made.body;
  expect([made.status, made.body]).toEqual([201, { account_id, name: 'Mary', currency: 'USD', balance: '0' }]);
  expect(made.headers['location']).toBe(`/v1/accounts/${account_id}`);
  expect((await api.call(`/v1/accounts/${account_id}`)).body).toMatchObject({ kind: 'customer', overdraft_limit: '0' });
  const euros = await api.call('/account', { body: { name: 'Mary', currency: 'EUR' } });
  expect(euros.body).toMatchObject({ currency: 'EUR', balance: '0' });
});

test('/account opens one account for a key, however often it is repeated', async () => {
  const key = aKey();
  const [first, again] = [
    await api.call('/account', { body: { name: 'Once' }, key }),
    await api.call('/account', { body: { name: 'Once' }, key }),
  ];
  expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
  const other = await api.call('/account', { body: { name: 'Twice' }, key });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('/balance reads what is posted, and a key is not used up by it', async () => {
  const account_id = await open('Reader');
  const key = aKey();
  const read = () => api.call('/balance', { body: { account_id }, key });
  expect((await read()).body).toEqual({ account_id, currency: 'USD', balance: '0' });
  await payIn(account_id, '5', key);
  expect((await read()).body).toEqual({ account_id, currency: 'USD', balance: '5' });
});

test('/balance that cannot be read is unavailable, and leaves nothing in doubt', async () => {
  const read = () => Promise.reject(new Error('connection lost'));
  const broken = await another({ tamper: (deps) => ({ ...deps, reader: { ...deps.reader, read } }) });
  const refused = await broken.call('/balance', { body: { account_id: toPublic('account', accounts.ada) } });
  expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
});

test('/add_balance pays in from the funding account of the currency, which the first payment opens', async () => {
  const account_id = await open('Saver', { currency: 'CHF' });
  expect(await fundingAccounts()).not.toContain('CHF');
  const paid = await payIn(account_id, '100000');
  const { transaction_id } = paid.body;
  expect([paid.status, paid.body]).toEqual([201, { account_id, balance: '100000', transaction_id }]);
  expect((await payIn(account_id, '1')).body.balance).toBe('100001');
  expect((await fundingAccounts()).filter((currency) => currency === 'CHF')).toHaveLength(1);
  const { body } = await api.call(`/v1/transfers/${transaction_id}`);
  expect(body).toMatchObject({ status: 'completed', rail: 'book', destination: { account_id } });
  const source = (await api.call(`/v1/accounts/${body.source.account_id}`)).body;
  expect(source).toMatchObject({ kind: 'funding', currency: 'CHF', balance: { posted: '100001' } });
});

test('twenty first payments at once open one funding account, and each has the balance right after it', async () => {
  const account_id = await open('Many', { currency: 'SEK' });
  const paid = await Promise.all(Array.from({ length: 20 }, () => payIn(account_id, '1')));
  expect((await fundingAccounts()).filter((currency) => currency === 'SEK')).toHaveLength(1);
  const balances = paid.map(({ body }) => Number(body.balance)).toSorted((a, b) => a - b);
  expect(balances).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

test('/add_balance repeated pays in once, and gets the same bytes although more came in since', async () => {
  const account_id = await open('Repeated');
  const key = aKey();
  const first = await payIn(account_id, '10', key);
  await payIn(account_id, '7');
  const again = await payIn(account_id, '10', key);
  expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
  expect((await balanceOf(account_id)).balance).toBe('17');
});

test('money comes from the oldest funding account that is open or frozen: one that is frozen stops deposits', async () => {
  const account_id = await open('Stopped', { currency: 'NOK' });
  const { transaction_id } = (await payIn(account_id, '1')).body;
  const funding = (await api.call(`/v1/transfers/${transaction_id}`)).body.source.account_id;
  await api.call('/v1/accounts', { body: { name: 'Newer', currency: 'NOK', kind: 'funding' } });
  await api.call(`/v1/accounts/${funding}`, { method: 'PATCH', body: { status: 'frozen' } });
  const stopped = await payIn(account_id, '1');
  expect([stopped.status, stopped.body.code]).toEqual([422, 'account_frozen']);
  await move({ from: account_id, to: funding, amount: '1' });
});

test('/transfer moves money between two accounts, once for a key', async () => {
  const [from, to] = [await open('From'), await open('To')];
  await payIn(from, '100');
  const key = aKey();
  const moved = await move({ from, to, amount: '30' }, key);
  expect([moved.status, moved.body]).toEqual([
    201,
    { transaction_id: expect.stringMatching(/^tr_/), status: 'completed' },
  ]);
  const again = await move({ from, to, amount: '30' }, key);
  expect([again.text, again.headers['idempotent-replayed']]).toEqual([moved.text, 'true']);
  expect([(await balanceOf(from)).balance, (await balanceOf(to)).balance]).toEqual(['70', '30']);
});

test('/transfer says why money does not move, and the refusal stays with the key', async () => {
  const [from, to] = [await open('Poor'), await open('Rich')];
  const euros = await open('Abroad', { currency: 'EUR' });
  const nobody = toPublic('account', '01990000-0000-7000-8000-000000000000');
  for (const [body, code] of [
    [{ from, to, amount: '1' }, 'insufficient_funds'],
    [{ from, to: from, amount: '1' }, 'same_account'],
    [{ from, to: euros, amount: '1' }, 'currency_mismatch'],
    [{ from, to: nobody, amount: '1' }, 'account_not_found'],
    [{ from: nobody, to, amount: '1' }, 'account_not_found'],
  ] as const) {
    const key = aKey();
    const [first, again] = [await move(body, key), await move(body, key)];
    expect([first.status, first.body.code, again.text]).toEqual([422, code, first.text]);
    const kept = await api.call(`/v1/transfers/${first.body.transfer_id}`);
    expect([kept.body.status, kept.body.refusal.code]).toEqual(['declined', code]);
  }
  const unknown = await payIn(nobody, '1');
  expect([unknown.status, unknown.body.code]).toEqual([422, 'account_not_found']);
});

test.each(['/add_balance', '/transfer'])('%s needs an Idempotency-Key, and amounts of minor units', async (path) => {
  const [from, to] = [await open('A'), await open('B')];
  const accountsOf = path === '/transfer' ? { from, to } : { account_id: to };
  const keyless = await api.call(path, { body: { ...accountsOf, amount: '1' } });
  expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_missing']);
  for (const amount of ['0', '-1', '1.5', '01', '', 1, '1'.repeat(19)]) {
    const refused = await api.call(path, { body: { ...accountsOf, amount }, key: aKey() });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/amount']);
  }
});

test.each([
  ['/account', { name: 'X' }, ['transfers:write', 'funding:write', 'accounts:read']],
  ['/balance', { account_id: '' }, ['accounts:write', 'transfers:read']],
  ['/add_balance', { account_id: '', amount: '1' }, ['transfers:write', 'accounts:write', 'accounts:admin']],
  ['/add_balance', { account_id: '', amount: '1' }, ['funding:write', 'accounts:admin']],
  ['/transfer', { from: '', to: '', amount: '1' }, ['funding:write', 'accounts:admin']],
  ['/get_all_accounts', undefined, ['transfers:read']],
  ['/get_all_transactions', undefined, ['accounts:read']],
  ['/get_all_data', undefined, ['accounts:read']],
  ['/get_all_data', undefined, ['transfers:read']],
] as const)('%s is forbidden to a key without its scopes', async (path, body, scopes) => {
  const secret = await api.keyWith({ scopes: [...scopes] });
  const ada = toPublic('account', accounts.ada);
  const filled = body && Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value || ada]));
  const refused = await api.call(path, { secret, ...(filled && { body: filled, key: aKey() }) });
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
});

test('money of a funding account is not moved without funding:write', async () => {
  const secret = await api.keyWith({ scopes: ['transfers:write'] });
  const body = { from: toPublic('account', accounts.funding), to: toPublic('account', accounts.ada), amount: '1' };
  expect((await api.call('/transfer', { body, secret, key: aKey() })).body.code).toBe('forbidden');
});

/** Everything of a list, by its cursor. */
async function all(path: string, limit: number, secret: string) {
  const pages: Record<string, unknown[]>[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await api.call(`${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`, { secret });
    expect(page.status).toBe(200);
    const { next_cursor: next, ...lists } = page.body;
    pages.push(lists);
    cursor = next;
  }
  return pages;
}

test('the lists have every account and every transaction of the tenant, and nothing of another', async () => {
  const bank = await createAccounts(pools, ledgerOf(pools));
  const secret = await api.keyWith({ tenantId: bank.tenantId });
  const [ada, grace] = [toPublic('account', bank.ada), toPublic('account', bank.grace)];
  for (let n = 1; n <= 4; n += 1)
    await api.call('/transfer', { body: { from: ada, to: grace, amount: `${n}` }, key: aKey(), secret });
  await api.call('/transfer', { body: { from: grace, to: ada, amount: '999' }, key: aKey(), secret });

  const listed = (await all('/get_all_accounts', 1, secret)).flatMap(({ data }) => data ?? []);
  expect(listed).toHaveLength(2);
  expect(listed).toContainEqual({ account_id: ada, name: 'Ada', currency: 'USD', balance: '9990' });
  expect(listed).toContainEqual({ account_id: grace, name: 'Grace', currency: 'USD', balance: '10' });

  const moved = (await all('/get_all_transactions', 2, secret)).flatMap(({ data }) => data ?? []);
  expect(moved).toHaveLength(6);
  expect(moved[0]).toMatchObject({ from: grace, to: ada, amount: '999', currency: 'USD', status: 'declined' });
  expect(moved[1]).toMatchObject({ from: ada, to: grace, amount: '4', status: 'completed' });
  expect(moved[5]).toMatchObject({ from: toPublic('account', bank.funding), to: ada, amount: '10000' });

  const pages = await all('/get_all_data', 2, secret);
  expect(pages.map((page) => [page['accounts']?.length, page['transactions']?.length])).toEqual([
    [2, 2],
    [0, 2],
    [0, 2],
  ]);
  expect(pages.flatMap((page) => page['accounts'] ?? [])).toEqual(listed);
  expect(pages.flatMap((page) => page['transactions'] ?? [])).toEqual(moved);
});

test.each(['.', 'x', 'x.y', '..', 'W10.', 'a'.repeat(600)])('/get_all_data refuses the cursor %s', async (cursor) => {
  const refused = await api.call(`/get_all_data?cursor=${cursor}`);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, 'query/cursor']);
});

test('the books are sound after it', async () => {
  expect((await api.call('/v1/trial-balance')).body.balanced).toBe(true);
});
