import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { tenantScopes } from '../../domain/scope.ts';
import { aKey, callOf, freshApi, straightTo } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api, another } = freshApi();
let [ada, grace, funding] = ['', '', ''];
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
  grace = toPublic('account', accounts.grace);
  funding = toPublic('account', accounts.funding);
});

const toGrace = (more: object = {}) => ({
  ...{ rail: 'book', amount: '1', currency: 'USD' },
  ...{ source: { account_id: ada }, destination: { account_id: grace }, ...more },
});
const member = (more: object = {}) => ({ idempotency_key: aKey(), ...toGrace(more) });
const send = (transfers: unknown[], more: object = {}) =>
  api.call('/v1/transfers/batch', { body: { transfers }, ...more });
const count = async (): Promise<number> =>
  (await pools.root.query('select count(*)::int as n from ledger.transfer')).rows[0].n;

test('each member has its own answer, in their order, and some may be declined', async () => {
  const bank = { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' };
  const members = [
    member({ reference: 'first' }),
    member({ amount: '999999999' }),
    member({ rail: 'instant', destination: { bank } }),
    member({ source: { account_id: toPublic('account', uuidV7()) } }),
  ];
  const answer = await send(members);
  expect(answer.status).toBe(200);
  expect(answer.headers['ledger-token']).toBeDefined();
  expect(answer.body.object).toBe('batch');
  expect(answer.body.data).toMatchObject([
    { status: 201, replayed: false, body: { object: 'transfer', status: 'completed', reference: 'first' } },
    { status: 422, replayed: false, body: { code: 'insufficient_funds', transfer_id: expect.stringMatching(/^tr_/) } },
    { status: 201, replayed: false, body: { status: 'submitting', rail: 'instant' } },
    { status: 422, replayed: false, body: { code: 'account_not_found' } },
  ]);
  expect(answer.body.data.map((one: { idempotency_key: string }) => one.idempotency_key)).toEqual(
    members.map(({ idempotency_key: key }) => key),
  );
});

test('K20: the same batch again moves nothing, and a member alone or in another batch is the same request', async () => {
  const members = [member(), member({ amount: '999999999' }), member()];
  const first = await send(members);
  const before = await count();
  const again = await send(members);
  const bodies = (answer: typeof first) =>
    answer.body.data.map(({ status, body }: object & { status: number; body: unknown }) => ({ status, body }));
  expect(bodies(again)).toEqual(bodies(first));
  expect(again.body.data.every((one: { replayed: boolean }) => one.replayed)).toBe(true);
  const { idempotency_key: key, ...body } = members[0] ?? member();
  const alone = await api.call('/v1/transfers', { body, key });
  expect([alone.status, alone.body, alone.headers['idempotent-replayed']]).toEqual([
    201,
    first.body.data[0].body,
    'true',
  ]);
  const mixed = await send([member(), members[2]]);
  expect(mixed.body.data).toMatchObject([{ replayed: false }, { replayed: true, body: first.body.data[2].body }]);
  expect(await count()).toBe(before + 1);
});

test('a key of another transfer is refused for its member alone', async () => {
  const used = member();
  await send([used]);
  const answer = await send([member(), { ...used, amount: '2' }]);
  expect(answer.body.data).toMatchObject([{ status: 201 }, { status: 422, body: { code: 'idempotency_key_reused' } }]);
});

test.each<[string, () => unknown, string]>([
  ['none', () => [], '/transfers'],
  ['501', () => Array.from({ length: 501 }, () => member()), '/transfers'],
  ['a member without a key', () => [member(), toGrace()], '/transfers/1/idempotency_key'],
  ['a member with a wrong amount', () => [member(), member(), member({ amount: '0' })], '/transfers/2/amount'],
  ['a member with an unknown field', () => [member({ amout: '1' })], '/transfers/0/amout'],
  ['no list', () => 'all of them', '/transfers'],
  [
    'a key twice, once in quotes',
    () => [
      { ...member(), idempotency_key: 'twice' },
      { ...member(), idempotency_key: '"twice"' },
    ],
    '/transfers/1/idempotency_key',
  ],
])('%s is refused, and nothing is done with any member', async (_, make, pointer) => {
  const before = await count();
  const answer = await send(make() as unknown[]);
  expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  expect(await count()).toBe(before);
});

test('a key in the header is refused', async () => {
  const answer = await send([member()], { key: aKey() });
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, 'header/Idempotency-Key']);
});

test('five hundred members fit, and each moves its cent', async () => {
  const key = await api.keyWith({ rateLimit: 10_000 });
  const before = (await api.call(`/v1/accounts/${grace}/balance`)).body.posted;
  const answer = await send(
    Array.from({ length: 500 }, (_, i) => member({ reference: `wage ${i}`, description: 'x'.repeat(200) })),
    { secret: key },
  );
  expect(answer.status).toBe(200);
  expect(new Set(answer.body.data.map((one: { status: number }) => one.status))).toEqual(new Set([201]));
  expect(BigInt((await api.call(`/v1/accounts/${grace}/balance`)).body.posted)).toBe(BigInt(before) + 500n);
});

test('more than 512 KiB is too large, and another route takes no more than before', async () => {
  const large = await send(
    Array.from({ length: 500 }, () =>
      member({ metadata: Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`m${i}`, 'x'.repeat(400)])) }),
    ),
  );
  expect([large.status, large.body.code, large.body.detail]).toEqual([
    413,
    'payload_too_large',
    'The body is larger than 512 KiB.',
  ]);
  const other = await api.call('/v1/transfers', { body: { ...toGrace(), surplus: 'x'.repeat(70_000) }, key: aKey() });
  expect(other.status).toBe(413);
});

test('each member counts against the rate limit: those above it are answered 429 in their places', async () => {
  const secret = await api.keyWith({ rateLimit: 1 });
  const answer = await send(
    Array.from({ length: 40 }, () => member()),
    { secret },
  );
  expect(answer.status).toBe(200);
  const statuses: number[] = answer.body.data.map((one: { status: number }) => one.status);
  const done = statuses.filter((status) => status === 201).length;
  // One at once, and one a second while they are counted.
  expect(done).toBeGreaterThanOrEqual(1);
  expect(statuses.filter((status) => status === 429)).toHaveLength(40 - done);
  expect(answer.body.data.find((one: { status: number }) => one.status === 429).body).toMatchObject({
    ...{ code: 'rate_limited', retryable: true, retry_after_ms: expect.any(Number) },
    instance: expect.stringMatching(/^#\/transfers\/\d+$/),
  });
});

test('a member that draws on a funding account needs the scope for it, else nothing is done', async () => {
  const scopes = tenantScopes.filter((scope) => scope !== 'funding:write');
  const call = callOf(api.url, await api.keyWith({ scopes }));
  const before = await count();
  const transfers = [member(), member({ source: { account_id: funding } })];
  const answer = await call('/v1/transfers/batch', { body: { transfers } });
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  expect(await count()).toBe(before);
});

test('a group without an answer is outcome_unknown for its members, and the same batch finds what happened', async () => {
  const members = [member(), member()];
  const lost = await another({
    startGroup: async (rail, requests) => {
      await straightTo(ledger)(rail, requests);
      throw new Error('the answer is lost');
    },
  });
  const answer = await lost.call('/v1/transfers/batch', { body: { transfers: members } });
  expect(answer.status).toBe(200);
  for (const { status, body } of answer.body.data) expect([status, body.retryable]).toEqual([503, true]);
  const found = await send(members);
  expect(found.body.data.map(({ status }: { status: number }) => status)).toEqual([201, 201]);
  expect(found.body.data.some(({ replayed }: { replayed: boolean }) => replayed)).toBe(true);
});
