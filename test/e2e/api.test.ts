import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { createStartGroup } from '../../api/transfers/start-group.ts';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { type Api, aKey, startApi } from '../support/harness/api.ts';
import { type Platform, shortTerms, startInProcess } from '../support/harness/in-process.ts';
import { inTime } from '../support/harness/in-time.ts';
import { breaches } from '../support/harness/invariants.ts';

let platform: Platform;
let api: Api;
let ada: string;
let grace: string;

beforeAll(async () => {
  // A bank that answers is not called silent, however slow the machine is.
  platform = await startInProcess({ terms: { ...shortTerms, requestTimeoutMs: inTime(4_000) } });
  const { pools, accounts, client, waits } = platform;
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  api = await startApi({
    pools,
    tenantId: accounts.tenantId,
    startGroup: createStartGroup({ client, log, waits }),
    redisUrl: process.env['TEST_REDIS_URL'] ?? null,
  });
  ada = toPublic('account', accounts.ada);
  grace = toPublic('account', accounts.grace);
});
afterAll(async () => {
  await api?.end();
  await platform?.end();
});

const toGrace = (more: object = {}) => ({
  rail: 'book',
  amount: '100',
  currency: 'USD',
  source: { account_id: ada },
  destination: { account_id: grace },
  ...more,
});
const toBank = (accountNumber: string) => ({
  rail: 'instant',
  amount: '100',
  currency: 'USD',
  source: { account_id: ada },
  destination: { bank: { routing_number: '021000021', account_number: accountNumber, name: 'Ada Lovelace' } },
});
const send = (body: object, key = aKey()) => api.call('/v1/transfers', { body, key });
const uuidOf = (id: string) => fromPublic('transfer', id) ?? '';
const storyOf = async (id: string): Promise<string[]> =>
  (await api.call(`/v1/transfers/${id}/events`)).body.data.map((event: { cause: string }) => event.cause);

test('a book transfer goes through a workflow and is completed in its answer', async () => {
  const key = aKey();
  const made = await send(toGrace(), key);
  expect([made.status, made.body.status]).toEqual([201, 'completed']);
  const again = await send(toGrace(), key);
  expect(again.text).toBe(made.text);
  expect(again.headers['idempotent-replayed']).toBe('true');
  const other = await send(toGrace({ amount: '101' }), key);
  expect(other.body).toMatchObject({ code: 'idempotency_key_reused', conflicting_transfer_id: made.body.id });
});

test('an instant transfer is answered while it is on its way, and completes on the rail', async () => {
  const key = aKey();
  const made = await send(toBank('1234567890'), key);
  expect([made.status, made.body.status]).toEqual([201, 'submitting']);
  await platform.settled([uuidOf(made.body.id)]);
  const now = await api.call(`/v1/transfers/${made.body.id}`);
  expect(now.body).toMatchObject({ status: 'completed', next: null, refusal: null });
  expect(await storyOf(made.body.id)).toEqual(['reserved', 'accepted']);
  const [attempt] = (await api.call(`/v1/transfers/${made.body.id}/attempts`)).body.data;
  expect(attempt).toMatchObject({
    outcome: 'accepted',
    sends: [expect.objectContaining({ n: 1, outcome: 'accepted' })],
  });
  // The repeated request gets the answer of the first one, whatever happened since.
  expect((await send(toBank('1234567890'), key)).text).toBe(made.text);
});

test('a transfer that the bank refuses gives its money back, and says why', async () => {
  const before = (await api.call(`/v1/accounts/${ada}`)).body.balance.available;
  const made = await send(toBank('772000300'));
  await platform.settled([uuidOf(made.body.id)]);
  const now = await api.call(`/v1/transfers/${made.body.id}`);
  expect(now.body).toMatchObject({ status: 'rejected', refusal: { code: 'rail_rejected', detail: 'AC04' } });
  expect((await api.call(`/v1/accounts/${ada}`)).body.balance.available).toBe(before);
});

test('a transfer whose answer was lost is unknown, then is asked about, and completes', async () => {
  const made = await send(toBank('773000500'));
  await platform.settled([uuidOf(made.body.id)]);
  expect((await api.call(`/v1/transfers/${made.body.id}`)).body.status).toBe('completed');
  expect(await storyOf(made.body.id)).toContain('no_answer');
});

test('a hundred at once arrive in few groups, and every one has its own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => send(toGrace({ amount: '1', reference: `n-${n}` }))),
  );
  expect(answers.map(({ status, body }) => [status, body.reference])).toEqual(answers.map((_, n) => [201, `n-${n}`]));
  const { rows } = await platform.pools.root.query<{ groups: string }>(
    "select count(distinct created_by_group) as groups from ledger.transfer where reference like 'n-%'",
  );
  expect(Number(rows[0]?.groups)).toBeLessThan(60);
});

test('a client that sends the token back sees what was written', async () => {
  const path = `/v1/accounts/${grace}/balance`;
  for (let n = 0; n < 5; n += 1) {
    const before = BigInt((await api.call(path)).body.posted);
    const made = await send(toGrace({ amount: '1' }));
    const after = await api.call(path, { headers: { 'ledger-token': made.headers['ledger-token'] ?? '' } });
    expect(BigInt(after.body.posted)).toBe(before + 1n);
  }
});

test('a refusal is final for its key, and another key may try', async () => {
  const key = aKey();
  const refused = await send(toGrace({ amount: '99999999' }), key);
  expect([refused.status, refused.body.code]).toEqual([422, 'insufficient_funds']);
  expect((await send(toGrace({ amount: '99999999' }), key)).text).toBe(refused.text);
  expect((await send(toGrace({ amount: '1' }), aKey())).status).toBe(201);
});

test('after all of it the books are sound and agree with the bank', async () => {
  await platform.settled();
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
  expect((await api.call('/v1/trial-balance')).body.balanced).toBe(true);
});
