import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

// A hold is aged by hand.
const { pools, accounts, api } = freshApi();
let terms: { source: object; destination: object; amount: string; currency: string };
beforeAll(() => {
  const [source, destination] = [accounts.ada, accounts.grace].map((id) => ({ account_id: toPublic('account', id) }));
  terms = { source: source ?? {}, destination: destination ?? {}, amount: '100', currency: 'USD' };
});

const hold = (more: object = {}, key = aKey()) => api.call('/v1/holds', { body: { ...terms, ...more }, key });
const capture = (id: string, body: object = {}, key = aKey()) =>
  api.call(`/v1/holds/${id}/captures`, { method: 'POST', body, key });
const release = (id: string, body: object = {}) => api.call(`/v1/holds/${id}/release`, { method: 'POST', body });
const held = async () =>
  (await api.call(`/v1/accounts/${toPublic('account', accounts.ada)}`)).body.balance.held as string;

test('a hold is made, captured in parts and released, and seen each time', async () => {
  const made = await hold({ reference: 'cart 1', metadata: { b: '2', a: '1' } });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ object: 'hold', status: 'open', held_amount: '100', captured_amount: '0' });
  const lasts = Date.parse(made.body.expires_at) - Date.parse(made.body.created_at);
  expect(lasts).toBe(7 * 86_400_000);
  expect((await api.call(made.headers['location'] ?? '')).body).toEqual(made.body);
  expect(made.headers['ledger-token']).toMatch(/^lt1\./);
  expect(await held()).toBe('100');

  const part = await capture(made.body.id, { amount: '30' });
  expect([part.status, part.headers['location']]).toEqual([201, made.headers['location']]);
  expect(part.body).toMatchObject({ object: 'hold_capture', amount: '30', captured_amount: '30', hold_status: 'open' });
  const released = await release(made.body.id, { reason: 'sold out' });
  expect(released.status).toBe(200);
  expect(released.body).toMatchObject({
    status: 'released',
    captured_amount: '30',
    held_amount: '0',
    release_reason: 'sold out',
    entry_ids: [part.body.entry_id],
  });
  expect((await release(made.body.id)).text).toBe(released.text);
  expect((await api.call(`/v1/holds/${made.body.id}`)).body).toEqual(released.body);
  expect(await held()).toBe('0');
});

test('the entry of a capture has the events of every entry, from the first on', async () => {
  const made = await hold();
  const { body } = await capture(made.body.id, { amount: '10' });
  const back = await api.call(`/v1/entries/${body.entry_id}/reversal`, { body: {}, key: aKey() });
  expect(back.status).toBe(201);
  const { rows } = await pools.root.query(
    'select version, from_state, cause, to_state from ledger.event where subject_id = $1 order by version',
    [fromPublic('entry', body.entry_id)],
  );
  expect(rows).toEqual([
    { version: 1, from_state: null, cause: 'posted', to_state: 'posted' },
    { version: 2, from_state: 'posted', cause: 'reversed', to_state: 'reversed' },
  ]);
  await release(made.body.id);
});

test('the same request with the same key gets the same bytes, whatever happened since', async () => {
  const [holdKey, captureKey] = [aKey(), aKey()];
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const made = await hold({ expires_at: expiresAt }, holdKey);
  const part = await capture(made.body.id, { amount: '30' }, captureKey);
  await release(made.body.id);
  // Even after its time.
  await pools.root.query(
    "set session_replication_role = replica; update ledger.client_hold set expires_at = now() - interval '1 day'; reset session_replication_role",
  );
  const again = [
    await hold({ expires_at: expiresAt }, holdKey),
    await capture(made.body.id, { amount: '30' }, captureKey),
  ];
  expect(again.map(({ status, text }) => [status, text])).toEqual([
    [201, made.text],
    [201, part.text],
  ]);
  for (const { headers } of again) expect(headers['idempotent-replayed']).toBe('true');
});

test('a refused hold is refused again under its key, and a request without a key is none', async () => {
  const key = aKey();
  const refused = await hold({ amount: '999999999' }, key);
  expect([refused.status, refused.body.code]).toEqual([422, 'insufficient_funds']);
  const again = await hold({ amount: '999999999' }, key);
  expect([again.body.code, again.headers['idempotent-replayed']]).toEqual(['insufficient_funds', 'true']);
  expect((await hold({ amount: '1' }, key)).body.code).toBe('idempotency_key_reused');
  expect((await api.call('/v1/holds', { body: terms })).body.code).toBe('idempotency_key_missing');
  const { body } = await hold();
  const unkeyed = await api.call(`/v1/holds/${body.id}/captures`, { method: 'POST', body: {} });
  expect(unkeyed.body.code).toBe('idempotency_key_missing');
});

test('the key of a capture at another hold is refused, and names the entry that it made', async () => {
  const [one, other, key] = [await hold(), await hold(), aKey()];
  const made = await capture(one.body.id, {}, key);
  const refused = await capture(other.body.id, {}, key);
  expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect(refused.body.conflicting_entry_id).toBe(made.body.entry_id);
});

test.each([
  ['in the past', () => ({ expires_at: '2026-01-01T00:00:00Z' })],
  ['too far ahead', () => ({ expires_at: new Date(Date.now() + 31 * 86_400_000).toISOString() })],
])('a time to expire %s is refused, and uses no key', async (_, more) => {
  const key = aKey();
  const refused = await hold(more(), key);
  expect(refused.body).toMatchObject({ code: 'validation_failed', errors: [{ pointer: '/expires_at' }] });
  expect((await hold({}, key)).status).toBe(201);
});

test('what cannot be captured or released says why', async () => {
  const [small, released, captured, expired] = [await hold(), await hold(), await hold(), await hold()];
  await release(released.body.id);
  await capture(captured.body.id);
  await pools.root.query(
    'set session_replication_role = replica; update ledger.client_hold set expires_at = now() where id = (select id from ledger.client_hold order by created_at desc, id desc limit 1); reset session_replication_role',
  );
  const answers = [
    await capture(small.body.id, { amount: '101' }),
    await capture(released.body.id),
    await release(captured.body.id),
    await capture(expired.body.id),
    await capture(toPublic('hold', uuidV7())),
    await release(toPublic('hold', uuidV7())),
  ];
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [422, 'capture_too_large'],
    [409, 'state_conflict'],
    [409, 'state_conflict'],
    [409, 'state_conflict'],
    [404, 'not_found'],
    [404, 'not_found'],
  ]);
  for (const { body } of answers.slice(1, 4)) expect(body.detail).toMatch(/hold/);
});

test('the hundred-first capture is refused, unless it is the last', async () => {
  const { body } = await hold({ amount: '200' });
  for (let n = 0; n < 99; n += 1) expect((await capture(body.id, { amount: '1' })).status).toBe(201);
  expect((await capture(body.id, { amount: '1' })).body).toMatchObject({ code: 'state_conflict' });
  expect((await capture(body.id, { amount: '1', final: true })).body.hold_status).toBe('captured');
});

test('nulls are as fields that are left out, and a body may be left out where nothing is needed', async () => {
  const { body } = await hold({ expires_at: null, reference: null, metadata: null });
  expect((await capture(body.id, { amount: '1', final: null })).body.hold_status).toBe('open');
  expect((await api.call(`/v1/holds/${body.id}/captures`, { method: 'POST', key: aKey() })).body.amount).toBe('99');
});

test('drawing on a funding account needs funding:write', async () => {
  const source = { account_id: toPublic('account', accounts.funding) };
  const secret = await api.keyWith({ scopes: ['holds:write'] });
  const refused = await api.call('/v1/holds', { body: { ...terms, source }, key: aKey(), secret });
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  expect((await hold({ source })).status).toBe(201);
});

test('lists are filtered by account, status and reference, alone and together, and go on over pages', async () => {
  const reference = `list ${aKey()}`;
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push((await hold({ reference, amount: '1' })).body.id);
  await release(made[0] ?? '');
  const list = async (query: string) => (await api.call(`/v1/holds?${query}`)).body;
  const ids = async (query: string) => (await list(query)).data.map(({ id }: { id: string }) => id);
  const encoded = `reference=${encodeURIComponent(reference)}`;
  expect(await ids(encoded)).toEqual(made.toReversed());
  expect(await ids(`${encoded}&status=released`)).toEqual([made[0]]);
  const account = (id: string) => `account_id=${toPublic('account', id)}`;
  expect(await ids(`${encoded}&status=open&${account(accounts.grace)}`)).toEqual(made.slice(1).toReversed());
  expect(await ids(`${account(accounts.ada)}&limit=2`)).toEqual(made.slice(3).toReversed());
  expect(await ids(account(accounts.clearing))).toEqual([]);
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await list(`${encoded}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(...page.data.map(({ id }: { id: string }) => id));
    cursor = page.next_cursor;
  }
  expect(pages).toEqual(made.toReversed());
});

test('a key that is restricted to accounts or amounts ends no other hold, and uses no idempotency key', async () => {
  const made = await hold({ amount: '50' });
  const act = async (secret: string, what: string, body: object = {}) =>
    (await api.call(`/v1/holds/${made.body.id}/${what}`, { method: 'POST', body, key: aKey(), secret })).body;
  const ofGrace = await api.keyWith({ accountIds: [accounts.grace] });
  const small = await api.keyWith({ amountMax: 49n });
  expect((await act(ofGrace, 'captures')).code).toBe('account_not_allowed');
  expect((await act(ofGrace, 'release')).code).toBe('account_not_allowed');
  expect((await act(small, 'captures')).code).toBe('amount_not_allowed');
  expect((await act(small, 'captures', { amount: '49' })).hold_status).toBe('open');
  expect((await act(small, 'release')).status).toBe('released');
});
