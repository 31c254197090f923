import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { freshApi } from '../../test/support/harness/api.ts';

const { accounts, api } = freshApi();

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

test.each(['', ' ', '"', '"a', '"a"b', 'ä', 'x'.repeat(256)])(
  'a text that no header may carry is no key: %j',
  async (key) => {
    const refused = await api.call(`/v1/transfers?idempotency_key=${encodeURIComponent(key)}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  },
);
