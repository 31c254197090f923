import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { fromPublic, prefixes, toPublic } from '../domain/ids.ts';
import { dueNotices } from '../ledger/notices/due.ts';
import { readNoticeEvents } from '../ledger/worker-reads/notice-events.ts';
import { type Accounts, createAccounts } from '../test/support/fixtures/accounts.ts';
import { type Api, aKey, freshApi } from '../test/support/harness/api.ts';
import type { Route } from './http/operation.ts';
import { routes } from './routes.ts';

/** What the neighbour writes into every text that it may write. No answer, notice or line of the log of another tenant has it. */
const marker = 'zqneighbourqz';

const { pools, ledger, accounts, another } = freshApi({ mayViolate: ['overdue'] });
let api: Api;
let neighbour: Accounts;
let theirs: string;
/** Everything that says which things are the neighbour's: its marker, and the public and the stored form of its ids. */
let signs: string[] = [];
/** Ids of the neighbour's things, as it would be asked about them. */
let ids: string[] = [];
const lines: string[] = [];
let searched = 0;

const idForm = new RegExp(`\\b(${Object.values(prefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}\\b`, 'g');
const theirKey = `${marker}-key`;
const account = (id: string) => ({ account_id: toPublic('account', id) });
const brand = { name: marker, address: [marker], inquiry: marker, accent: '#1f4e79' };
const texts = { reference: marker, description: marker, metadata: { note: marker } };

/** The requests of the neighbour: all that a tenant may write, with the marker in each text. */
async function plant(): Promise<void> {
  const post = (path: string, body: object, key = aKey()) => api.call(path, { secret: theirs, body, key });
  const { account_id: source } = account(neighbour.ada);
  const toGrace = { rail: 'book', amount: '1', currency: 'USD', source: account(neighbour.ada), ...texts };
  const answers = [
    await post('/v1/accounts', { name: marker, currency: 'USD', reference: marker, metadata: { note: marker } }),
    await post('/v1/webhook-endpoints', { url: `https://${marker}.example/hook`, description: marker }),
    await post('/v1/api-keys', { name: marker, scopes: ['transfers:read'] }),
    await post('/v1/transfers', { ...toGrace, destination: account(neighbour.grace) }, theirKey),
    await post('/v1/transfers', { ...toGrace, amount: '99999999', destination: account(neighbour.grace) }),
    await post('/v1/transfers', {
      ...toGrace,
      rail: 'instant',
      destination: { bank: { routing_number: '021000021', account_number: '998877665544', name: marker } },
    }),
    await api.call(`/v1/accounts/${source}`, { method: 'PATCH', secret: theirs, body: { name: marker } }),
    await api.call('/v1/statement-plan', { method: 'PATCH', secret: theirs, body: { brand } }),
    await post('/v1/statements', { account_id: source }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 422, 201, 200, 200, 201]);
}

/** What the neighbour itself gets of each route without an id: the ids in it are what others must not see. */
async function readAll(secret: string): Promise<string> {
  const answers = [];
  for (const { method, path, operation } of routes)
    if (method === 'GET' && !path.includes('{'))
      answers.push((await api.call(path + ('limit' in shapeOf(operation.query) ? '?limit=100' : ''), { secret })).text);
  return answers.join('\n');
}

const shapeOf = (query: unknown): object =>
  typeof query === 'object' && query !== null && 'shape' in query ? Object(query.shape) : {};

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  api = await another({ tamper: (deps) => ({ ...deps, log }) });
  neighbour = await createAccounts(pools, ledger);
  theirs = await api.keyWith({ tenantId: neighbour.tenantId });
  await plant();
  const seen = await readAll(theirs);
  // The search finds what it looks for: otherwise it proves nothing.
  expect(seen.split(marker).length).toBeGreaterThan(15);
  ids = [...new Set(seen.match(idForm) ?? []), ...Object.values(neighbour).map((id) => toPublic('account', id))];
  expect(new Set(ids.map((id) => id.slice(0, 2))).size).toBeGreaterThanOrEqual(7);
  const things = Object.keys(prefixes) as (keyof typeof prefixes)[];
  const uuids = ids.flatMap((id) => things.flatMap((thing) => fromPublic(thing, id) ?? []));
  signs = [marker, '998877665544', theirs.slice(3, 30), ...ids, ...uuids];
  lines.length = 0;
});

/** Calls as the other tenant, and looks for the neighbour in what comes back. What the request itself said may be repeated. */
async function search(method: string, address: string, body?: object): Promise<number> {
  const answer = await api.call(address, { method, key: aKey(), ...(body && { body }) });
  const request = `${address} ${JSON.stringify(body ?? null)}`;
  const found = signs.filter((sign) => answer.text.includes(sign) && !request.includes(sign));
  const headers = JSON.stringify(answer.headers);
  const inHeaders = signs.filter((sign) => headers.includes(sign) && !request.includes(sign));
  expect([method, address, found, inHeaders, answer.status < 500]).toEqual([method, address, [], [], true]);
  searched += 1;
  return answer.status;
}

const named = (some: readonly Route[]) => some.map((route) => [`${route.method} ${route.path}`, route] as const);
const withIds = routes.filter(({ path }) => path.includes('{'));
const lists = routes.filter(
  ({ method, operation }) => method === 'GET' && Object.keys(shapeOf(operation.query)).length > 0,
);
const writes = routes.filter(({ method, path }) => method === 'POST' && !path.includes('{'));

test.each(named(withIds))('%s knows nothing of the ids of another tenant', async (_, { method, path }) => {
  for (const id of ids) {
    const address = path.replaceAll(/\{[a-z_]+\}/g, id);
    const status = await search(method, address, ['POST', 'PATCH'].includes(method) ? {} : undefined);
    expect([address, status >= 400]).toEqual([address, true]);
  }
});

test.each(named(routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'))))(
  '%s shows nothing of another tenant',
  async (_, { path }) => void (await search('GET', path)),
);

test.each(named(lists))('%s finds nothing of another tenant by any parameter', async (_, { path, operation }) => {
  const address = path.replaceAll(/\{[a-z_]+\}/g, toPublic('account', accounts.ada));
  for (const name of Object.keys(shapeOf(operation.query)))
    for (const value of [marker, theirKey, ...ids])
      await search('GET', `${address}?${name}=${encodeURIComponent(value)}`);
});

test.each(named(writes))(
  '%s is refused, or does its own, where its body names things of another',
  async (_, { path }) => {
    const [ada, grace, own] = [account(neighbour.ada), account(neighbour.grace), account(accounts.ada)];
    const terms = { amount: '1', currency: 'USD' };
    const leg = (debit: string, credit: string) => ({ debit_account_id: debit, credit_account_id: credit, ...terms });
    for (const body of [
      { rail: 'book', ...terms, source: ada, destination: grace },
      { rail: 'book', ...terms, source: ada, destination: own },
      { rail: 'book', ...terms, source: own, destination: grace },
      { ...terms, source: ada, destination: own },
      { legs: [leg(ada.account_id, own.account_id)] },
      { legs: [leg(own.account_id, grace.account_id)] },
      { ...ada, amount: '1' },
      ada,
      { from: ada.account_id, to: own.account_id, amount: '1' },
      { from: own.account_id, to: grace.account_id, amount: '1' },
      { name: 'Key', scopes: ['transfers:read'], account_ids: [ada.account_id] },
    ]) {
      const status = await search('POST', path, body);
      // A preview says in a 200 what would be refused.
      const isRefused = status >= 400 || path === '/v1/transfers/preview';
      expect([path, body, isRefused]).toEqual([path, body, true]);
    }
  },
);

test('the Idempotency-Key of another tenant is free, and a cursor of another list shows nothing', async () => {
  const body = {
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: account(accounts.ada),
    destination: account(accounts.grace),
  };
  const made = await api.call('/v1/transfers', { body, key: theirKey });
  expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
  for (const path of ['/v1/transfers', '/v1/accounts', '/v1/audit', '/v1/api-keys']) {
    const cursor = (await api.call(`${path}?limit=1`, { secret: theirs })).body.next_cursor;
    await search('GET', `${path}?limit=100&cursor=${cursor}`);
  }
});

test('notices of a tenant say nothing of another, and its log neither', async () => {
  const endpoint = await api.call('/v1/webhook-endpoints', { body: { url: 'https://mine.example/hook' } });
  const body = {
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: account(accounts.ada),
    destination: account(accounts.grace),
  };
  await api.call('/v1/transfers', { body, key: aKey() });
  await api.call('/v1/transfers', {
    secret: theirs,
    body: { ...body, source: account(neighbour.ada), destination: account(neighbour.grace) },
    key: aKey(),
  });
  const { notices } = await dueNotices(pools.worker, fromPublic('webhookEndpoint', endpoint.body.id) ?? '', 100);
  const events = JSON.stringify(await readNoticeEvents(pools.worker, notices), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(notices.length).toBeGreaterThan(0);
  expect(signs.filter((sign) => events.includes(sign))).toEqual([]);
  // A line about a request of the other tenant's own key names that tenant; all others name nobody's things but the caller's.
  const tenant = toPublic('tenant', accounts.tenantId);
  const own = lines.filter((line) => line.includes(tenant)).join('');
  expect(own.length).toBeGreaterThan(1_000);
  expect(signs.filter((sign) => own.includes(sign))).toEqual([]);
});

test('the neighbour has what it had: nothing of it was changed', async () => {
  const { rows } = await pools.root.query<{ n: string }>(
    "select count(*) as n from ledger.audit where tenant_id = $1 and actor not in (select 'api_key:' || id from ledger.api_key where tenant_id = $1) and actor <> 'test'",
    [neighbour.tenantId],
  );
  expect(rows[0]?.n).toBe('0');
});

afterAll(() => {
  process.stdout.write(`isolation: ${searched} answers searched for ${signs.length} signs of the neighbour\n`);
});
