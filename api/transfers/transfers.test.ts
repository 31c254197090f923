import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi, type Reply, startApi, straightTo } from '../../test/support/harness/api.ts';
import { toLedgerToken } from '../http/ledger-token.ts';

const { pools, ledger, accounts, api } = freshApi();
let ada: string;
let grace: string;
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
  grace = toPublic('account', accounts.grace);
});

const toGrace = (more: object = {}) => ({
  rail: 'book',
  amount: '100',
  currency: 'USD',
  source: { account_id: ada },
  destination: { account_id: grace },
  ...more,
});
const toBank = (more: object = {}) => ({
  rail: 'instant',
  amount: '100',
  currency: 'USD',
  source: { account_id: ada },
  destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' } },
  ...more,
});
const send = (body: unknown, key = aKey(), headers: Record<string, string> = {}): Promise<Reply> =>
  api.call('/v1/transfers', { body, key, headers });

test('a book transfer is completed in its answer, and reads back the same', async () => {
  const made = await send(toGrace({ reference: 'inv-1', description: 'lunch', metadata: { b: '2', a: '1' } }));
  expect(made.status).toBe(201);
  expect(made.headers['location']).toBe(`/v1/transfers/${made.body.id}`);
  expect(made.body).toMatchObject({
    object: 'transfer',
    status: 'completed',
    amount: '100',
    source: { account_id: ada },
    destination: { account_id: grace },
    reference: 'inv-1',
    refusal: null,
    next: null,
    version: 1,
  });
  expect(made.body.entry_ids).toHaveLength(1);
  const read = await api.call(`/v1/transfers/${made.body.id}`);
  expect(read.text).toBe(made.text);
});

test('an instant transfer is submitting, holds its funds, says what comes next, and masks the account number', async () => {
  const made = await send(toBank());
  expect(made.body).toMatchObject({
    status: 'submitting',
    destination: {
      bank: { scheme: 'us_account', routing_number: '021000021', account_number: '****7890', name: 'Ada Lovelace' },
    },
    next: { what: 'send', waiting_for: 'worker' },
    entry_ids: [],
  });
  expect((await api.call(`/v1/transfers/${made.body.id}`)).text).toBe(made.text);
  const attempts = await api.call(`/v1/transfers/${made.body.id}/attempts`);
  expect(attempts.body.data).toEqual([
    expect.objectContaining({ object: 'attempt', rail: 'instant', outcome: null, sends: [] }),
  ]);
  expect(attempts.body.data[0].rail_key).toMatch(/^[0-9A-Z]{28}$/);
});

test('the same request again, in any spelling, gets the same bytes and moves money once', async () => {
  const key = aKey();
  const made = await send(toGrace({ metadata: { b: '2', a: '1' } }), key);
  const before = (await api.call(`/v1/accounts/${ada}/balance`)).body.posted;
  const spelled = JSON.stringify({ metadata: { a: '1', b: '2' }, ...toGrace() }, null, 3);
  for (const again of [
    await send(spelled, key),
    await send(spelled, `"${key}"`),
    await send(toGrace({ metadata: { b: '2', a: '1' } }), key),
  ]) {
    expect(again.status).toBe(201);
    expect(again.text).toBe(made.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.headers['ledger-token']).toBeDefined();
  }
  expect(made.headers['idempotent-replayed']).toBeUndefined();
  expect((await api.call(`/v1/accounts/${ada}/balance`)).body.posted).toBe(before);
});

test('fifty concurrent repetitions of a request move money once', async () => {
  const key = aKey();
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(toGrace({ reference: key }), key)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  expect((await api.call(`/v1/transfers?reference=${key}`)).body.data).toHaveLength(1);
});

test.each([
  ['amount', { amount: '101' }],
  ['reference', { reference: 'other' }],
  ['description', { description: 'other' }],
  ['metadata', { metadata: { a: 'other' } }],
  ['execute_at', { execute_at: new Date(Date.now() + 60_000).toISOString() }],
  ['destination', { destination: { account_id: toPublic('account', uuidV7()) } }],
])('a key that was used with another %s is refused, and names its transfer', async (_, change) => {
  const key = aKey();
  const made = await send(toGrace(), key);
  const other = await send(toGrace(change), key);
  expect(other.status).toBe(422);
  expect(other.body).toMatchObject({
    code: 'idempotency_key_reused',
    conflicting_transfer_id: made.body.id,
    retryable: false,
  });
});

test('a refused transfer stays refused under its key, byte for byte, and can be read', async () => {
  const key = aKey();
  const refused = await send(toGrace({ amount: '999999999' }), key);
  expect(refused.status).toBe(422);
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect(refused.body).toMatchObject({
    code: 'insufficient_funds',
    status: 422,
    retryable: false,
    type: '/problems/insufficient_funds',
  });
  const read = await api.call(`/v1/transfers/${refused.body.transfer_id}`);
  expect(read.body).toMatchObject({ status: 'declined', refusal: { code: 'insufficient_funds' }, entry_ids: [] });
  const again = await send(toGrace({ amount: '999999999' }), key);
  expect(again.text).toBe(refused.text);
  expect(again.headers['idempotent-replayed']).toBe('true');
});

test.each([
  [
    'an unknown account',
    () => toGrace({ destination: { account_id: toPublic('account', uuidV7()) } }),
    'account_not_found',
  ],
  ['the same account', () => toGrace({ destination: { account_id: ada } }), 'same_account'],
  [
    'a funding account over a rail',
    () => toBank({ source: { account_id: toPublic('account', accounts.funding) } }),
    'account_kind_not_allowed',
  ],
  ['another currency', () => toGrace({ currency: 'EUR' }), 'currency_mismatch'],
])('%s: 422, and the same on repetition', async (_, body, code) => {
  const refused = await send(body());
  expect([refused.status, refused.body.code]).toEqual([422, code]);
  expect(refused.body.transfer_id).toMatch(/^tr_/);
});

test('another tenant sees nothing of it', async () => {
  const made = await send(toGrace());
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Others', actor: 'test' });
  const secret = await api.keyWith({ tenantId });
  for (const path of [
    `/v1/transfers/${made.body.id}`,
    `/v1/transfers/${made.body.id}/events`,
    `/v1/accounts/${ada}`,
    `/v1/accounts/${ada}/balance`,
  ]) {
    expect((await api.call(path, { secret })).status).toBe(404);
  }
  expect((await api.call('/v1/transfers', { secret })).body.data).toEqual([]);
  const theirs = await api.call('/v1/transfers', { secret, body: toGrace(), key: aKey() });
  expect(theirs.body.code).toBe('account_not_found');
});

test('the same key of two tenants is two keys', async () => {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Others', actor: 'test' });
  const key = aKey();
  const mine = await send(toGrace(), key);
  const theirs = await api.call('/v1/transfers', { secret: await api.keyWith({ tenantId }), body: toGrace(), key });
  expect(theirs.body.transfer_id).not.toBe(mine.body.id);
});

test.each([
  ['no key', toGrace(), undefined, 'idempotency_key_missing'],
  ['a key that is too long', toGrace(), 'x'.repeat(256), 'idempotency_key_invalid'],
  ['a field that does not exist', toGrace({ amout: '1' }), 'k', 'validation_failed'],
  ['a number for an amount', toGrace({ amount: 100 }), 'k', 'validation_failed'],
  ['an amount of zero', toGrace({ amount: '0' }), 'k', 'validation_failed'],
  ['a negative amount', toGrace({ amount: '-1' }), 'k', 'validation_failed'],
  ['an amount with decimals', toGrace({ amount: '10.00' }), 'k', 'validation_failed'],
  ['a leading zero', toGrace({ amount: '007' }), 'k', 'validation_failed'],
  ['19 digits', toGrace({ amount: '1'.repeat(19) }), 'k', 'validation_failed'],
  ['a currency in lower case', toGrace({ currency: 'usd' }), 'k', 'validation_failed'],
  ['a bank on the book rail', toGrace({ destination: toBank().destination }), 'k', 'validation_failed'],
  ['an account on the instant rail', toBank({ destination: { account_id: 'x' } }), 'k', 'validation_failed'],
  ['an unknown rail', toGrace({ rail: 'pigeon' }), 'k', 'validation_failed'],
  ['a control character', toGrace({ description: 'a\u0000b' }), 'k', 'validation_failed'],
  ['a direction mark', toGrace({ description: 'a\u202eb' }), 'k', 'validation_failed'],
  ['a lone surrogate', toGrace({ description: 'a\ud800b' }), 'k', 'validation_failed'],
  ['a date without offset', toGrace({ execute_at: '2026-12-24T10:00:00' }), 'k', 'validation_failed'],
  ['the 30th of February', toGrace({ execute_at: '2026-02-30T10:00:00Z' }), 'k', 'validation_failed'],
  ['a date too far ahead', toGrace({ execute_at: '2999-01-01T00:00:00Z' }), 'k', 'validation_failed'],
  ['metadata that is nested', toGrace({ metadata: { a: {} } }), 'k', 'validation_failed'],
  ['metadata with a dot', toGrace({ metadata: { 'a.b': '1' } }), 'k', 'validation_failed'],
  [
    'an id of another thing',
    toGrace({ source: { account_id: toPublic('transfer', uuidV7()) } }),
    'k',
    'validation_failed',
  ],
  ['a list', [], 'k', 'validation_failed'],
  ['null', null, 'k', 'validation_failed'],
])('400 for %s, and the key stays unused', async (_, body, key, code) => {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const refused = await api.call('/v1/transfers', { body: JSON.stringify(body), headers });
  expect([refused.status, refused.body.code]).toEqual([400, code]);
  expect((await api.call('/v1/transfers?idempotency_key=k')).body.data).toEqual([]);
});

test('every wrong field is named in one answer, without its value', async () => {
  const refused = await send({
    ...toGrace({ amount: '1e3', currency: 'usd', extra: 1, metadata: { 'a/b': 'x' } }),
    source: {},
  });
  const pointers = refused.body.errors.map((error: { pointer: string }) => error.pointer);
  expect(pointers.toSorted()).toEqual(['/amount', '/currency', '/extra', '/metadata/a~1b', '/source/account_id']);
  expect(refused.text).not.toContain('1e3');
});

test('a bank account may name its scheme, and is the same in its answer; the two spellings are two requests', async () => {
  const bank = { scheme: 'us_account', ...toBank().destination.bank };
  const key = aKey();
  const tagged = await send(toBank({ destination: { bank } }), key);
  expect(tagged.status).toBe(201);
  expect(tagged.body.destination).toEqual((await send(toBank())).body.destination);
  expect((await send(toBank({ destination: { bank } }), key)).text).toBe(tagged.text);
  expect((await send(toBank(), key)).body.code).toBe('idempotency_key_reused');
});

test.each([
  ['another scheme', { scheme: 'iban' }, ['/destination/bank/scheme']],
  ['a routing number of eight digits', { routing_number: '02100002' }, ['/destination/bank/routing_number']],
  ['an account number with a space', { account_number: '12 34' }, ['/destination/bank/account_number']],
  ['no name', { name: undefined }, ['/destination/bank/name']],
  ['a name of two lines', { name: 'Ada\nLovelace' }, ['/destination/bank/name']],
  ['a field of another scheme', { iban: 'DE89370400440532013000' }, ['/destination/bank/iban']],
])('a bank account with %s is refused', async (_, change, pointers) => {
  const refused = await send(toBank({ destination: { bank: { ...toBank().destination.bank, ...change } } }));
  expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
});

test('a key that was refused for its form can be used with a corrected body', async () => {
  const key = aKey();
  expect((await send(toGrace({ amount: 'x' }), key)).status).toBe(400);
  expect((await send(toGrace(), key)).status).toBe(201);
});

test('a transfer is found by its key, and by every filter', async () => {
  const key = aKey();
  const made = await send(toGrace({ reference: 'find-me' }), key);
  const found = async (query: string) =>
    (await api.call(`/v1/transfers?${query}`)).body.data.some(
      (transfer: { id: string }) => transfer.id === made.body.id,
    );
  const at = encodeURIComponent(made.body.created_at);
  expect(await found(`idempotency_key=${key}`)).toBe(true);
  expect(await found('reference=find-me')).toBe(true);
  expect(await found('status=completed,unknown&rail=book&attention=false')).toBe(true);
  expect(await found(`account_id=${grace}&created_from=${at}`)).toBe(true);
  expect(await found('status=declined')).toBe(false);
  expect(await found('rail=instant')).toBe(false);
  expect(await found(`created_to=${at}`)).toBe(false);
  expect(await found('attention=true')).toBe(false);
});

test('a list is paged from the newest to the oldest without a gap or a repeat', async () => {
  for (let n = 0; n < 5; n += 1) await send(toGrace({ reference: 'paged' }));
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await api.call(`/v1/transfers?reference=paged&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    ids.push(...page.body.data.map((transfer: { id: string }) => transfer.id));
    cursor = page.body.next_cursor;
  }
  expect(ids).toHaveLength(5);
  expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
});

test.each([
  'limit=0',
  'limit=101',
  'limit=ten',
  'limit=1&limit=2',
  'cursor=nonsense',
  'idempotency_key=%00',
  // Well-formed, but not readable for Postgres: 30 February, year 0, a tiebreak of another list.
  `cursor=${cursorOf('transfers', '2026-02-30T00:00:00Z', '01a1fe76-1b71-727e-b002-357b936a9883')}`,
  `cursor=${cursorOf('transfers', '0000-01-01T00:00:00Z', '01a1fe76-1b71-727e-b002-357b936a9883')}`,
  `cursor=${cursorOf('transfers', '2026-02-03T00:00:00Z', '5')}`,
  'cursor=W10',
  'sort=amount',
  'status=paid',
  'account_id=1',
  'created_from=yesterday',
  'idempotency_key=a&rail=book',
])('the parameter %s is refused', async (query) => {
  const refused = await api.call(`/v1/transfers?${query}`);
  expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  expect(refused.body.errors[0].pointer).toMatch(/^query\//);
});

test('a cursor of another list is refused', async () => {
  for (let n = 0; n < 2; n += 1) await send(toGrace());
  const { next_cursor: cursor } = (await api.call('/v1/transfers?limit=1')).body;
  expect((await api.call(`/v1/accounts?cursor=${cursor}`)).body.code).toBe('validation_failed');
});

test('the story of a transfer is its events', async () => {
  const made = await send(toGrace());
  const { data } = (await api.call(`/v1/transfers/${made.body.id}/events`)).body;
  expect(data).toEqual([
    expect.objectContaining({
      object: 'event',
      transfer_id: made.body.id,
      version: 1,
      type: 'transfer.completed',
      from: null,
      to: 'completed',
      cause: 'book_posted',
      evidence: { source: 'request', entry_id: made.body.entry_ids[0] },
      created_at: made.body.created_at,
    }),
  ]);
});

test('the workflow is shown to operators only', async () => {
  const made = await send(toBank());
  expect((await api.call(`/v1/transfers/${made.body.id}`)).body.workflow).toBeUndefined();
  const secret = await api.keyWith({ scopes: ['transfers:read', 'operations'] });
  const seen = await api.call(`/v1/transfers/${made.body.id}`, { secret });
  expect(seen.body.workflow.id).toMatch(/^group\/instant\/gr_/);
  expect(seen.body.workflow.url).toContain('/namespaces/default/workflows/group%2Finstant%2Fgr_');
});

test('a dated transfer is scheduled, and says until when', async () => {
  const executeAt = new Date(Date.now() + 3_600_000).toISOString();
  const made = await send(toGrace({ execute_at: executeAt, amount: '1' }));
  expect(made.body).toMatchObject({
    status: 'scheduled',
    execute_at: executeAt,
    next: { what: 'send_on_date', at: executeAt, waiting_for: 'date' },
  });
});

test('an answer for another request is not used', async () => {
  const lying = await startApi({
    pools,
    tenantId: accounts.tenantId,
    startGroup: async (rail, members) =>
      (await straightTo(ledger)(rail, members)).map((answer) => ({ ...answer, fingerprint: '00'.repeat(32) })),
  });
  const refused = await lying.call('/v1/transfers', { body: toGrace(), key: aKey() });
  await lying.end();
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'outcome_unknown', true]);
  expect(refused.headers['retry-after']).toMatch(/^([1-9]|[1-5]\d|60)$/);
});

test.each([
  ['undecided', 503, 'outcome_unknown'],
  ['too_old', 503, 'not_attempted'],
  ['rail_unknown', 503, 'not_attempted'],
  ['internal_error', 500, 'internal_error'],
] as const)('%s is answered as %i %s', async (result, status, code) => {
  const other = await startApi({
    pools,
    tenantId: accounts.tenantId,
    startGroup: async (_, members) => members.map(({ id, tenantId }) => ({ id, tenantId, result })),
  });
  const refused = await other.call('/v1/transfers', { body: toGrace(), key: aKey() });
  await other.end();
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([status, code, status === 503]);
});

test('a network that no worker has registered yet: not attempted, and the same request works once one has', async () => {
  const rename = (from: string, to: string) =>
    withoutTriggers(pools.root, async (client) => {
      await client.query('update ledger.rail set name = $2 where name = $1', [from, to]);
    });
  const key = aKey();
  await rename('instant', 'of_another_release');
  const refused = await api.call('/v1/transfers', { body: toBank(), key });
  await rename('of_another_release', 'instant');
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'not_attempted', true]);
  const made = await api.call('/v1/transfers', { body: toBank(), key });
  expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

test('the token of a write names the accounts that it touched', async () => {
  const made = await send(toGrace());
  expect(made.headers['ledger-token']).toMatch(/^lt1\./);
  const balance = await api.call(`/v1/accounts/${grace}/balance`, {
    headers: { 'ledger-token': made.headers['ledger-token'] ?? '' },
  });
  expect(balance.status).toBe(200);
  const bad = await api.call(`/v1/accounts/${grace}/balance`, { headers: { 'ledger-token': 'lt1.x' } });
  expect(bad.body.errors).toEqual([expect.objectContaining({ pointer: 'header/Ledger-Token' })]);
  expect(toLedgerToken(new Map(), [])).toBeNull();
});

/** A cursor as a client could forge it. */
function cursorOf(...parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

test('null for what is optional is as leaving it out, also where a typed client names both kinds of destination', async () => {
  const own = { source: { account_id: toPublic('account', accounts.ada) }, amount: '1', currency: 'USD' };
  const nulls = { reference: null, description: null, execute_at: null, metadata: null };
  const bank = { scheme: null, routing_number: '021000021', account_number: '12345678', name: 'Grace' };
  const book = { rail: 'book', destination: { account_id: toPublic('account', accounts.grace), bank: null } };
  const instant = { rail: 'instant', destination: { account_id: null, bank } };
  for (const more of [book, instant]) {
    const made = await api.call('/v1/transfers', { body: { ...own, ...nulls, ...more }, key: aKey() });
    expect([made.status, made.body.metadata]).toEqual([201, {}]);
  }
});
