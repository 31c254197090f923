import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromPublic, toPublic } from '../domain/ids.ts';
import { detachWhole } from '../operator/detach-month.ts';
import { age, makeWith, monthsAgo, settled, stateMonths } from '../test/support/fixtures/old-book.ts';
import { archiveNext } from '../test/support/fixtures/segments.ts';
import { type Api, aKey, freshApi, type Reply } from '../test/support/harness/api.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../test/support/harness/storage.ts';

/** A book whose first month is detached, through every route of the API: with what each answered before. */
const urls = storageUrls();
afterAll(urls.removeFolder);
const { pools, accounts, api, another } = freshApi({ storageUrl: urls.folder });
const months = 5;
const detached = monthsAgo(months);
const border = `${monthsAgo(months - 1)}-01T00:00:00.000Z`;
const within = `${detached}-20T00:00:00Z`;

type Sent = { name: string; path: string; body: unknown; key: string; first: Reply };
const sent: Sent[] = [];
/** Sends a request under a key, to be sent again later. */
async function send(name: string, path: string, body: unknown): Promise<Reply> {
  const key = aKey();
  const first = await api.call(path, { method: 'POST', body, key });
  sent.push({ name, path, body, key, first });
  return first;
}
const again = (one: Api, { path, body, key }: Sent) => one.call(path, { method: 'POST', body, key });

/** What a repeated request is answered with: all but what names the occurrence. */
const answerOf = ({ status, text, headers }: Reply) => ({ status, text, location: headers['location'] });

const ids: Record<string, string> = {};
let before: Map<string, Reply>;
let first: Map<string, Reply>;
let cursor: string;

/** Everything that a request may do in that month. */
async function sendAll(): Promise<string> {
  const [ada, grace] = [toPublic('account', accounts.ada), toPublic('account', accounts.grace)];
  const book = (amount: string) => ({
    ...{ rail: 'book', amount, currency: 'USD' },
    ...{ source: { account_id: ada }, destination: { account_id: grace } },
  });
  const leg = (debit: string, credit: string, amount = '5') => ({
    ...{ debit_account_id: debit, credit_account_id: credit, amount, currency: 'USD' },
  });
  const paid = await send('a transfer on the book', '/v1/transfers', book('100'));
  await send('a declined transfer', '/v1/transfers', book('999999999'));
  const dated = await send('a transfer with a date', '/v1/transfers', {
    ...book('7'),
    execute_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await send('a cancellation', `/v1/transfers/${dated.body.id}/cancellation`, {});
  await send('a reversal of a transfer', `/v1/transfers/${paid.body.id}/reversal`, {});
  const posted = await send('an entry', '/v1/entries', { legs: [leg(ada, grace), leg(ada, grace, '6')] });
  const legs = [leg(ada, grace)];
  await send('a dated entry', '/v1/entries', { legs, effective_at: new Date(Date.now() - 3_600_000).toISOString() });
  await send('a refused entry', '/v1/entries', { legs: [leg(grace, ada, '99999999')] });
  await send('a reversal of an entry', `/v1/entries/${posted.body.id}/reversal`, {});
  await send('a second reversal', `/v1/entries/${posted.body.id}/reversal`, { description: 'again' });
  const whole = await send('another entry', '/v1/entries', { legs: [leg(ada, grace)] });
  const hold = await send('a hold', '/v1/holds', {
    ...{ source: { account_id: ada }, destination: { account_id: grace }, amount: '50', currency: 'USD' },
  });
  await send('a capture', `/v1/holds/${hold.body.id}/captures`, { amount: '20' });
  await send('a release', `/v1/holds/${hold.body.id}/release`, {});
  await send('money paid in', '/add_balance', { account_id: grace, amount: '42' });
  await send('money moved', '/transfer', { from: ada, to: grace, amount: '3' });
  await send('a statement', '/v1/statements', { account_id: ada });
  cursor = (await api.call('/v1/events?limit=1')).body.next_cursor;
  Object.assign(ids, { ada, grace, transfer: paid.body.id, entry: posted.body.id, whole: whole.body.id });
  Object.assign(ids, { hold: hold.body.id, key: sent.find(({ name }) => name === 'an entry')?.key ?? '' });
  return paid.body.entry_ids[0];
}

/** The book is older, its statements are made from documents that are stored, and it is archived. */
async function pass(entryOfTransfer: string): Promise<void> {
  const { moved } = await age(pools, months, { keepRequests: true });
  ids['entryOfTransfer'] = toPublic('entry', moved(fromPublic('entry', entryOfTransfer) ?? ''));
  const store = storeAt(urls.folder);
  const tools = { store, renderers: { render: async () => Buffer.from('%PDF-1.7'), renderer: 'test/1' } };
  // What was asked for in that month was made then.
  await makeWith(pools, { tenantId: accounts.tenantId, month: null }, tools);
  await stateMonths(pools, { tenantId: accounts.tenantId, months, tools });
  store.close();
  await settled(pools);
  for (let isMore = true; isMore; ) isMore = (await archiveNext(pools, { emptyAfterMs: 0 }))?.isMore ?? false;
}

beforeAll(async () => {
  await pass(await sendAll());
  const { body } = await api.call(`/v1/statements?account_id=${ids['ada']}&month=${detached}`);
  ids['statement'] = body.data[0].id;
  const since = new Date(`${detached}-12T00:00:00Z`).toISOString();
  cursor = Buffer.from(
    JSON.stringify(Object.assign(JSON.parse(Buffer.from(cursor, 'base64url').toString()), { 4: since })),
  ).toString('base64url');
  before = await readAll(api);
  first = new Map<string, Reply>();
  for (const one of sent) first.set(one.name, await again(api, one));
  await detachWhole(pools.root, { month: detached, keep: 3, pageRows: 7 });
}, inTime(300_000));

/** Reads that answer as before, those that are refused now, and lists that end where the attached months begin. */
const reads: Record<'same' | 'archived' | 'ends', readonly string[]> = {
  same: [
    '/v1/transfers',
    '/v1/transfers?account_id={ada}',
    '/v1/transfers/{transfer}',
    '/v1/transfers/{transfer}/attempts',
    '/v1/accounts',
    '/v1/accounts/{ada}',
    '/v1/accounts/{ada}/balance',
    `/v1/accounts/{ada}/balance?at=${border}`,
    `/v1/accounts/{grace}/balance?at=${monthsAgo(1)}-15T00:00:00Z`,
    `/v1/accounts/{ada}/postings?from=${border}`,
    `/v1/entries?created_from=${border}`,
    `/v1/entries?created_from=${border}&effective_from=${within}`,
    '/v1/holds',
    '/v1/holds/{hold}',
    '/v1/webhook-endpoints',
    '/v1/api-keys',
    '/v1/audit',
    '/v1/periods',
    '/v1/statements',
    '/v1/statements/{statement}',
    '/v1/statements/{statement}/postings',
    '/v1/statements/{statement}/postings?limit=3',
    '/v1/statement-plan',
    '/v1/trial-balance',
    '/v1/rails',
    '/v1/currencies',
    '/v1/me',
    `/v1/exports/transfers.csv?from=${detached}-01T00:00:00Z&to=${monthsAgo(1)}-01T00:00:00Z`,
    `/v1/exports/postings.csv?from=${border}&to=${monthsAgo(0)}-01T00:00:00Z`,
    '/get_all_accounts',
    '/get_all_transactions',
    '/get_all_data',
  ],
  archived: [
    '/v1/entries/{entry}',
    '/v1/entries/{entryOfTransfer}',
    '/v1/entries?idempotency_key={key}',
    '/v1/entries?transfer_id={transfer}',
    `/v1/entries?created_from=${within}`,
    `/v1/entries?created_to=${within}`,
    `/v1/entries?effective_from=${within}`,
    `/v1/entries?account_id={ada}&created_to=${border}`,
    `/v1/accounts/{ada}/postings?from=${within}`,
    `/v1/accounts/{ada}/postings?to=${within}`,
    `/v1/accounts/{ada}/balance?at=${within}`,
    `/v1/accounts/{ada}/balance?at=2020-01-01T00:00:00Z`,
    '/v1/transfers/{transfer}/events',
    '/v1/events?after={cursor}',
    `/v1/exports/postings.csv?from=${within}&to=${monthsAgo(1)}-01T00:00:00Z`,
  ],
  ends: ['/v1/entries', '/v1/entries?account_id={ada}', '/v1/accounts/{ada}/postings', '/v1/events'],
};
const all = Object.values(reads).flat();
const filled = (path: string) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'cursor' ? cursor : (ids[name] ?? name)));

async function readAll(one: Api): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  for (const path of all) replies.set(path, await one.call(filled(path)));
  return replies;
}

/** Without what says when it was asked. */
const bodyOf = (reply: Reply | undefined): string =>
  reply?.text.replaceAll(/"(as_of|last_used_at)":"[^"]*"/g, '') ?? '';

describe.each(reads.same)('%s', (path) => {
  test('answers as it did', async () => {
    const reply = await api.call(filled(path));
    expect([reply.status, before.get(path)?.status]).toEqual([200, 200]);
    expect(bodyOf(reply)).toBe(bodyOf(before.get(path)));
  });
});

describe.each(reads.archived)('%s', (path) => {
  test('answered, and says now that it is in the archive', async () => {
    const reply = await api.call(filled(path));
    expect([before.get(path)?.status, reply.status, reply.body.code]).toEqual([200, 410, 'archived']);
  });
});

describe.each(reads.ends)('%s', (path) => {
  test('ends where the attached months begin, and says so', async () => {
    const reply = await api.call(`${filled(path)}${path.includes('?') ? '&' : '?'}limit=100`);
    expect([reply.status, before.get(path)?.headers['archived-before']]).toEqual([200, undefined]);
    expect(reply.headers['archived-before']).toBe(border);
    const older = reply.body.data.filter(({ created_at: at }: { created_at: string }) => at < border);
    expect(older).toEqual([]);
  });
});

test('a repeated request gets the same bytes, whatever it was', async () => {
  for (const one of sent) {
    const reply = await again(api, one);
    expect([one.name, answerOf(reply)]).toEqual([one.name, answerOf(first.get(one.name) ?? reply)]);
    expect([one.name, reply.status]).toEqual([one.name, one.first.status]);
  }
});

test('an answer does not come from what a process remembers', async () => {
  const other = await another();
  for (const one of sent)
    expect([one.name, answerOf(await again(other, one))]).toEqual([
      one.name,
      answerOf(first.get(one.name) ?? one.first),
    ]);
});

test('a key that may draw on some accounts only repeats its reversal, and no other', async () => {
  const path = `/v1/entries/${ids['entry']}/reversal`;
  const secret = await api.keyWith({ accountIds: [accounts.ada], scopes: ['entries:write'] });
  const refused = await api.call(path, { method: 'POST', body: {}, key: aKey(), secret });
  expect([refused.status, refused.body.code]).toEqual([403, 'account_not_allowed']);
});

test('an entry of a detached month can no longer be reversed', async () => {
  for (const id of [ids['whole'], ids['entry']]) {
    const reply = await api.call(`/v1/entries/${id}/reversal`, { method: 'POST', body: {}, key: aKey() });
    expect([id, reply.status, reply.body.code]).toEqual([id, 410, 'archived']);
  }
});

test('an id of no month that is detached is not found', async () => {
  const none = toPublic('entry', '01890000-0000-7000-8000-000000000000');
  expect((await api.call(`/v1/entries/${none}`)).body.code).toBe('not_found');
});

test('a transfer of a detached month is reversed, and an entry is dated into it', async () => {
  const moved = await api.call('/v1/transfers?idempotency_key=none');
  expect(moved.body.data).toEqual([]);
  const { body } = sent.find(({ name }) => name === 'money moved')?.first ?? { body: null };
  const id = body.transaction_id;
  const undone = await api.call(`/v1/transfers/${id}/reversal`, { method: 'POST', body: {}, key: aKey() });
  expect([undone.status, undone.body.status]).toEqual([201, 'completed']);
  const [debit_account_id, credit_account_id] = [ids['ada'], ids['grace']];
  const legs = [{ debit_account_id, credit_account_id, amount: '1', currency: 'USD' }];
  const dated = await api.call('/v1/entries', { body: { legs, effective_at: within }, key: aKey() });
  expect([dated.status, dated.body.effective_at]).toEqual([201, new Date(within).toISOString()]);
  const then = await api.call(`/v1/accounts/${ids['grace']}/balance?at=${border}`);
  const now = await api.call(`/v1/accounts/${ids['grace']}/balance`);
  expect(BigInt(now.body.posted) - BigInt(then.body.posted)).toBe(-2n);
});

test('a statement of today is cut behind the last one of a detached month', async () => {
  const today = await api.call('/v1/statements', { body: { account_id: ids['ada'] }, key: aKey() });
  expect(today.status).toBe(201);
  const next = await api.call(`/v1/accounts/${ids['ada']}/postings?limit=1`);
  expect(next.body.data[0].seq).toBe(today.body.to_seq);
  expect(BigInt(today.body.from_seq)).toBeLessThan(BigInt(today.body.to_seq));
});
