import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { createAccounts, ledgerOf } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

/** An idempotency key is one request of its tenant, whatever that request makes (docs/adr/0006-protected-twice-by-id.md). */
const { pools, accounts, api } = freshApi();

/** The routes that take a key, each with a body that only it accepts. */
const bodies: Record<string, (name: string) => object> = {
  '/v1/accounts': (name) => ({ name, currency: 'USD' }),
  '/v1/api-keys': (name) => ({ name, scopes: ['accounts:read'] }),
  '/v1/webhook-endpoints': (name) => ({ url: 'https://example.com/', description: name }),
  '/v1/transfers': (name) => ({
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: { account_id: toPublic('account', accounts.ada) },
    destination: { account_id: toPublic('account', accounts.grace) },
    description: name,
  }),
};
const routes = Object.keys(bodies);
const send = (route: string, key: string) => api.call(route, { body: bodies[route]?.(key), key });
const eight = Array.from({ length: 8 });

/** How many things exist with that name. */
const madeBy = async (route: string, name: string): Promise<number> => {
  const { data } = (await api.call(`${route}?limit=100`)).body;
  return data.filter((one: Record<string, unknown>) => one['name'] === name || one['description'] === name).length;
};

test.each(['/v1/accounts', '/v1/transfers'])(
  '%s: eight concurrent repetitions of a request make one thing',
  async (route) => {
    const key = aKey();
    const answers = await Promise.all(eight.map(() => send(route, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(await madeBy(route, key)).toBe(1);
  },
);

test.each(['/v1/api-keys', '/v1/webhook-endpoints'])(
  '%s: eight concurrent repetitions of a request make one thing, and its secret is shown to one of them',
  async (route) => {
    const key = aKey();
    const answers = await Promise.all(eight.map(() => send(route, key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
    expect(answers.filter(({ body }) => body.secret !== undefined)).toHaveLength(1);
    expect(await madeBy(route, key)).toBe(1);
  },
);

const pairs = routes.flatMap((first) => routes.filter((route) => route !== first).map((second) => [first, second]));

test.each(pairs)('a key that was used at %s is refused at %s', async (first = '', second = '') => {
  const key = aKey();
  const made = await send(first, key);
  expect(made.status).toBe(201);
  const other = await send(second, key);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect(await madeBy(second, key)).toBe(0);
});

test('a key that is used at every route concurrently belongs to one of them', async () => {
  for (let round = 0; round < 5; round += 1) {
    const key = aKey();
    const answers = await Promise.all(routes.map((route) => send(route, key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422]);
  }
});

test('the same text is another key for another tenant', async () => {
  const stranger = await createAccounts(pools, ledgerOf(pools));
  const secret = await api.keyWith({ tenantId: stranger.tenantId });
  const key = aKey();
  const body = bodies['/v1/accounts']?.(key);
  const [own, theirs] = [await send('/v1/accounts', key), await api.call('/v1/accounts', { body, key, secret })];
  expect([own.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.body.id).not.toBe(own.body.id);
});
