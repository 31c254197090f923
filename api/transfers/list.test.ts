import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { freshApi } from '../../test/support/harness/api.ts';

const { accounts, api } = freshApi();
type Listed = { id: string; created_at: string };

/** Every page of a list, one after the other. */
async function pagesOf(query: string): Promise<Listed[]> {
  const rows: Listed[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.call(`/v1/transfers?${query}${cursor}`);
    rows.push(...body.data);
    if (body.next_cursor === null) return rows;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

test.each([
  ['bare', 'key-0001', 'key-0001'],
  ['quoted', '"key-0002"', '"key-0002"'],
  ['quoted, asked bare', '"key-0003"', 'key-0003'],
  ['bare, asked quoted', 'key-0004', '"key-0004"'],
  ['with escapes', '"a\\"b\\\\5"', '"a\\"b\\\\5"'],
  ['with white space around', 'key-0006', ' key-0006\t'],
  ['with a quote inside', 'key"0007', 'key"0007'],
])('the transfer of a key is found by the text that was sent: %s', async (_, text, other) => {
  const body = {
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: { account_id: toPublic('account', accounts.ada) },
    destination: { account_id: toPublic('account', accounts.grace) },
  };
  const made = await api.call('/v1/transfers', { body, key: text });
  expect(made.status).toBe(201);
  const found = await api.call(`/v1/transfers?idempotency_key=${encodeURIComponent(other)}`);
  expect(found.body.data.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);
});

test('several states are one parameter with commas, or the parameter once for each; no other may be repeated', async () => {
  const joined = await api.call('/v1/transfers?status=completed,declined');
  const repeated = await api.call('/v1/transfers?status=completed&status=declined');
  expect([joined.status, repeated.text]).toEqual([200, joined.text]);
  const twice = await api.call('/v1/transfers?rail=book&rail=book');
  expect(twice.body.errors).toEqual([expect.objectContaining({ pointer: 'query/rail', code: 'repeated' })]);
});

test('a list up to a time has the same transfers in pages as at once, none of them from that time on', async () => {
  const [first] = await pagesOf('limit=100');
  const to = `created_to=${first?.created_at}&account_id=${toPublic('account', accounts.ada)}`;
  const atOnce = await pagesOf(`limit=100&${to}`);
  expect(atOnce.length).toBeGreaterThan(2);
  expect(atOnce.every((row) => row.created_at < String(first?.created_at))).toBe(true);
  expect(await pagesOf(`limit=1&${to}`)).toEqual(atOnce);
});

test('a transfer that names an account twice is listed once for it', async () => {
  const account = { account_id: toPublic('account', accounts.grace) };
  const body = { rail: 'book', amount: '1', currency: 'USD', source: account, destination: account };
  const declined = await api.call('/v1/transfers', { body, key: 'one account twice' });
  expect([declined.status, declined.body.code]).toEqual([422, 'same_account']);
  for (const limit of [1, 100]) {
    const ids = (await pagesOf(`limit=${limit}&account_id=${account.account_id}`)).map(({ id }) => id);
    expect(ids.filter((id) => id === declined.body.transfer_id)).toHaveLength(1);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test.each(['', ' ', '"', '"a', '"a"b', 'ä', 'x'.repeat(256)])(
  'a text that no header may carry is no key: %j',
  async (key) => {
    const refused = await api.call(`/v1/transfers?idempotency_key=${encodeURIComponent(key)}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  },
);
