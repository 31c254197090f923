import { beforeAll, expect, test } from '@jest/globals';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { aTransfer, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { type Api, aKey, freshApi } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api, another } = freshApi();
let cached: Api;
let ada: string;
beforeAll(async () => {
  cached = await another({ redisUrl: process.env['TEST_REDIS_URL'] ?? null });
  ada = toPublic('account', accounts.ada);
});

const anAccount = { name: 'Ada', currency: 'USD' };

test('opens an account, empty, and reads it back', async () => {
  const made = await api.call('/v1/accounts', { body: { ...anAccount, reference: 'r-1', metadata: { team: 'red' } } });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    object: 'account',
    kind: 'customer',
    status: 'open',
    overdraft_limit: '0',
    reference: 'r-1',
    metadata: { team: 'red' },
    balance: { posted: '0', held: '0', available: '0', seq: '0' },
  });
  const read = await api.call(made.headers['location'] ?? '');
  expect(read.body).toEqual({ ...made.body, balance: { ...made.body.balance, as_of: read.body.balance.as_of } });
  expect((await api.call('/v1/accounts?reference=r-1')).body.data).toHaveLength(1);
});

test('the same request with the same key gets the same bytes, whatever happened to the account since', async () => {
  const key = aKey();
  const body = { ...anAccount, reference: 'r-2', metadata: { zebra: '1', ant: '2' } };
  const made = await api.call('/v1/accounts', { body, key });
  const path = `/v1/accounts/${made.body.id}`;
  await api.call(path, { method: 'PATCH', body: { name: 'Ada L.', metadata: null, status: 'frozen' } });
  const again = await api.call('/v1/accounts', { body: { ...body, metadata: { ant: '2', zebra: '1' } }, key });
  expect([again.status, again.text, again.headers['location']]).toEqual([201, made.text, path]);
  expect([made.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
  expect((await api.call('/v1/accounts?reference=r-2')).body.data).toHaveLength(1);
  expect((await api.call(path)).body).toMatchObject({ name: 'Ada L.', status: 'frozen', metadata: {} });
});

test.each([
  ['name', { name: 'Grace' }],
  ['currency', { currency: 'EUR' }],
  ['kind', { kind: 'funding' }],
  ['overdraft', { overdraft_limit: '5' }],
  ['reference', { reference: 'other' }],
  ['metadata', { metadata: { a: 'other' } }],
])('a key that opened an account is refused with another %s', async (_, change) => {
  const key = aKey();
  expect((await api.call('/v1/accounts', { body: anAccount, key })).status).toBe(201);
  const other = await api.call('/v1/accounts', { body: { ...anAccount, ...change }, key });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('a funding account is opened again with the same bytes too', async () => {
  const request = { body: { ...anAccount, kind: 'funding' }, key: aKey() };
  const made = await api.call('/v1/accounts', request);
  expect(made.body.overdraft_limit).toBeNull();
  expect((await api.call('/v1/accounts', request)).text).toBe(made.text);
  const secret = await api.keyWith({ scopes: ['accounts:write'] });
  expect((await api.call('/v1/accounts', { ...request, secret })).body.code).toBe('forbidden');
});

test.each([
  ['a funding account', { kind: 'funding' }],
  ['an overdraft', { overdraft_limit: '100' }],
])('%s needs accounts:admin', async (_, more) => {
  const body = { ...anAccount, ...more };
  const secret = await api.keyWith({ scopes: ['accounts:write'] });
  expect((await api.call('/v1/accounts', { body, secret })).body.code).toBe('forbidden');
  expect((await api.call('/v1/accounts', { body })).status).toBe(201);
});

test.each([
  ['a platform kind', { kind: 'clearing' }],
  ['a limit of a funding account', { kind: 'funding', overdraft_limit: '5' }],
  ['a name that nobody sees', { name: '\u200b' }],
  ['a tag in a name', { name: 'Ada\u{e0041}' }],
  ['an invisible reference', { reference: '\u3164' }],
  ['an invisible character in metadata', { metadata: { a: 'b\u2060' } }],
  ['no name', { name: '' }],
  ['an unknown currency', { currency: 'XXX' }],
  ['a balance', { balance: '100' }],
])('refuses %s', async (_, more) => {
  expect((await api.call('/v1/accounts', { body: { ...anAccount, ...more } })).body.code).toBe('validation_failed');
});

test('an account is renamed, frozen, opened and closed; closing is final, and only when empty', async () => {
  const { id } = (await api.call('/v1/accounts', { body: anAccount })).body;
  const change = (body: object, of = id) => api.call(`/v1/accounts/${of}`, { method: 'PATCH', body });
  expect((await change({ name: 'Ada L.', metadata: { a: '1' } })).body).toMatchObject({
    name: 'Ada L.',
    metadata: { a: '1' },
  });
  expect((await change({ status: 'frozen' })).body.status).toBe('frozen');
  expect((await change({ status: 'open' })).body.status).toBe('open');
  expect((await change({ status: 'closed' })).body.status).toBe('closed');
  expect((await change({ status: 'open' })).body.code).toBe('state_conflict');
  expect((await change({ status: 'closed' }, ada)).body.code).toBe('account_not_empty');
  expect((await change({})).body.code).toBe('validation_failed');
  expect((await api.call('/v1/accounts?status=closed')).body.data).toHaveLength(1);
});

test('another overdraft limit needs accounts:admin; the same one may be sent back, and one below what is used is refused', async () => {
  const { id } = (await api.call('/v1/accounts', { body: anAccount })).body;
  const secret = await api.keyWith({ scopes: ['accounts:write'] });
  const change = (body: object, by: object = {}) => api.call(`/v1/accounts/${id}`, { method: 'PATCH', body, ...by });
  expect((await change({ overdraft_limit: '500' }, { secret })).body.code).toBe('forbidden');
  expect((await change({ overdraft_limit: '500' })).body.overdraft_limit).toBe('500');
  const { balance: _, ...read } = (await api.call(`/v1/accounts/${id}`)).body;
  expect((await change({ ...read, name: 'Ada L.' }, { secret })).body).toMatchObject({ name: 'Ada L.' });
  const uuid = fromPublic('account', id) ?? '';
  await ledger.reserve(
    accounts.tenantId,
    aTransfer(accounts, { amount: '300', sourceAccountId: uuid, destinationAccountId: accounts.ada }),
  );
  const refused = await change({ overdraft_limit: '299' });
  expect([refused.status, refused.body.code]).toEqual([409, 'overdraft_in_use']);
  expect((await change({ overdraft_limit: '300' })).body.overdraft_limit).toBe('300');
});

test('a balance has posted, held and available; a past balance has what was posted then', async () => {
  const before = (await api.call(`/v1/accounts/${ada}/balance`)).body;
  const at = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await ledger.reserve(accounts.tenantId, aTransfer(accounts, { amount: '300' }));
  await ledger.reserve(accounts.tenantId, toBank(accounts, { amount: '200' }));
  const now = (await api.call(`/v1/accounts/${ada}/balance`)).body;
  expect(BigInt(now.posted)).toBe(BigInt(before.posted) - 300n);
  expect(BigInt(now.held)).toBe(BigInt(before.held) + 200n);
  expect(BigInt(now.available)).toBe(BigInt(now.posted) - BigInt(now.held));
  const then = (await api.call(`/v1/accounts/${ada}/balance?at=${at}`)).body;
  expect(then).toMatchObject({ posted: before.posted, seq: before.seq, held: null, available: null, as_of: at });
  expect((await api.call(`/v1/accounts/${ada}/balance?at=2020-01-01T00:00:00Z`)).body.posted).toBe('0');
  expect((await api.call(`/v1/accounts/${ada}/balance?at=2999-01-01T00:00:00Z`)).body.code).toBe('validation_failed');
});

test('postings explain the balance, page by page', async () => {
  for (let n = 0; n < 3; n += 1) await ledger.reserve(accounts.tenantId, aTransfer(accounts, { amount: '1' }));
  const all = (await api.call(`/v1/accounts/${ada}/postings`)).body.data;
  const first = (await api.call(`/v1/accounts/${ada}/postings?limit=2`)).body;
  const second = (await api.call(`/v1/accounts/${ada}/postings?limit=100&cursor=${first.next_cursor}`)).body;
  expect([...first.data, ...second.data]).toEqual(all);
  expect(second.next_cursor).toBeNull();
  expect(all[0].balance_after).toBe((await api.call(`/v1/accounts/${ada}`)).body.balance.posted);
  for (const [n, posting] of all.entries()) {
    const older = all[n + 1];
    expect(BigInt(posting.balance_after)).toBe(BigInt(older?.balance_after ?? 0) + BigInt(posting.amount));
    expect(Number(posting.seq)).toBe(all.length - n);
  }
  const grace = toPublic('account', accounts.grace);
  const elsewhere = await api.call(`/v1/accounts/${grace}/postings?cursor=${first.next_cursor}`);
  expect([elsewhere.status, elsewhere.body.errors?.[0]?.pointer]).toEqual([400, 'query/cursor']);
  expect((await api.call(`/v1/accounts/${ada}/postings?to=2020-01-01T00:00:00Z`)).body.data).toEqual([]);
});

test('a client that sends its token back sees its own writes, although the cache is stale', async () => {
  const path = `/v1/accounts/${ada}/balance`;
  await cached.call(path);
  const before = BigInt((await cached.call(path)).body.posted);
  // Written by another process, so this cache does not get it.
  const outcome = await ledger.reserve(accounts.tenantId, aTransfer(accounts, { amount: '7' }));
  expect(outcome.result).toBe('decided');
  const made = await cached.call('/v1/transfers', {
    key: aKey(),
    body: {
      rail: 'book',
      amount: '5',
      currency: 'USD',
      source: { account_id: ada },
      destination: { account_id: toPublic('account', accounts.grace) },
    },
  });
  const headers = { 'ledger-token': made.headers['ledger-token'] ?? '' };
  expect(BigInt((await cached.call(path, { headers })).body.posted)).toBe(before - 12n);
  expect(BigInt((await api.call(path, { headers })).body.posted)).toBe(before - 12n);
});

test('a reader that sends its token back is not shown an older balance from the cache', async () => {
  const path = `/v1/accounts/${ada}/balance`;
  await cached.call(path);
  // A commit that the cache does not get.
  await ledger.reserve(accounts.tenantId, aTransfer(accounts, { amount: '3' }));
  const shown = await api.call(path);
  const headers = { 'ledger-token': shown.headers['ledger-token'] ?? '' };
  expect(headers['ledger-token']).toMatch(/^lt1\./);
  expect((await cached.call(path, { headers })).body.posted).toBe(shown.body.posted);
});

test('a cached balance is not shown to another tenant', async () => {
  const path = `/v1/accounts/${ada}/balance`;
  await cached.call(path);
  const stranger = await createAccounts(pools, ledger);
  const secret = await cached.keyWith({ tenantId: stranger.tenantId });
  expect((await cached.call(path, { secret })).status).toBe(404);
});

test('the trial balance balances', async () => {
  const { body } = await api.call('/v1/trial-balance');
  expect(body).toMatchObject({ object: 'trial_balance', balanced: true });
  const dollars = body.rows.filter((row: { currency: string }) => row.currency === 'USD');
  const total = (side: 'debits' | 'credits') =>
    dollars.reduce((sum: bigint, row: Record<string, string>) => sum + BigInt(row[side] ?? 0), 0n);
  expect(total('debits')).toBe(total('credits'));
  expect(total('debits')).toBeGreaterThan(0n);
});

test('null for what is optional is as leaving it out', async () => {
  const nulls = { kind: null, overdraft_limit: null, reference: null, metadata: null };
  const made = await api.call('/v1/accounts', { body: { ...anAccount, ...nulls } });
  expect(made.body).toMatchObject({ kind: 'customer', overdraft_limit: '0', reference: null, metadata: {} });
  const partly = await api.call('/v1/accounts', { body: { ...anAccount, metadata: { a: '1', b: null } } });
  expect(partly.body.metadata).toEqual({ a: '1' });
  const required = await api.call('/v1/accounts', { body: { name: null, currency: null } });
  expect(required.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
    '/currency',
    '/name',
  ]);
});

test('a change of metadata is merged by name: null removes one, changes of different names at once all stay', async () => {
  const made = await api.call('/v1/accounts', { body: { ...anAccount, metadata: { kept: '1', gone: '1' } } });
  const change = (metadata: unknown) =>
    api.call(`/v1/accounts/${made.body.id}`, { method: 'PATCH', body: { metadata } });
  expect((await change({ gone: null, never: null })).body.metadata).toEqual({ kept: '1' });
  const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
  await Promise.all(names.map((name) => change({ [name]: name })));
  const { metadata } = (await api.call(`/v1/accounts/${made.body.id}`)).body;
  expect(Object.keys(metadata).sort()).toEqual([...names, 'kept'].sort());
  const tooMany = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`m${n}`, 'x']));
  const refused = await change(tooMany);
  expect([refused.status, refused.body.code, refused.body.errors?.[0].pointer]).toEqual([
    400,
    'validation_failed',
    '/metadata',
  ]);
  expect((await change(null)).body.metadata).toEqual({});
});

test('what a change does not clear, null does not either', async () => {
  const made = await api.call('/v1/accounts', { body: anAccount });
  for (const body of [{ name: null }, { status: null }, {}]) {
    const refused = await api.call(`/v1/accounts/${made.body.id}`, { method: 'PATCH', body });
    expect([body, refused.body.code]).toEqual([body, 'validation_failed']);
  }
});

test("a tenant changes nothing of the platform's accounts", async () => {
  const { data } = (await api.call('/v1/accounts?limit=100')).body;
  const own = data.filter(({ kind }: { kind: string }) => !['customer', 'funding'].includes(kind));
  expect(own.length).toBeGreaterThan(0);
  for (const { id, name } of own)
    for (const body of [{ name: 'Mine' }, { metadata: { a: '1' } }, { status: 'frozen' }]) {
      const refused = await api.call(`/v1/accounts/${id}`, { method: 'PATCH', body });
      expect([name, body, refused.status, refused.body.code]).toEqual([name, body, 409, 'state_conflict']);
    }
});

test('the status of a funding account needs accounts:admin', async () => {
  const made = await api.call('/v1/accounts', { body: { ...anAccount, kind: 'funding' } });
  const secret = await api.keyWith({ scopes: ['accounts:write'] });
  const path = `/v1/accounts/${made.body.id}`;
  const freeze = { method: 'PATCH', body: { status: 'frozen' } };
  expect((await api.call(path, { ...freeze, secret })).body.code).toBe('forbidden');
  expect((await api.call(path, { method: 'PATCH', body: { name: 'Bank' }, secret })).status).toBe(200);
  expect((await api.call(path, freeze)).status).toBe(200);
});

test('the audit log says what a change replaced', async () => {
  const made = await api.call('/v1/accounts', { body: { ...anAccount, metadata: { a: '1' } } });
  const body = { name: 'Grace', status: 'frozen', metadata: { a: '2', b: '3' } };
  await api.call(`/v1/accounts/${made.body.id}`, { method: 'PATCH', body });
  const { rows } = await pools.root.query(
    "select detail from ledger.audit where action = 'account.changed' and subject = $1",
    [fromPublic('account', made.body.id)],
  );
  expect(rows).toEqual([
    {
      detail: {
        before: { status: 'open', name: 'Ada', metadata: { a: '1' } },
        after: { status: 'frozen', name: 'Grace', metadata: { a: '2', b: '3' } },
      },
    },
  ]);
});
