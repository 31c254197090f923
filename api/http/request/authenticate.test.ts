import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { toPublic } from '../../../domain/ids.ts';
import { aKey, freshApi } from '../../../test/support/harness/api.ts';

/** Look-ups of made-up keys that have begun, and what lets them end. */
let begun = 0;
let release = () => {};
const released = new Promise<void>((resolve) => {
  release = resolve;
});
afterAll(() => release());

const { accounts, api } = freshApi({
  tamper: (deps) => ({
    ...deps,
    ledger: {
      ...deps.ledger,
      authenticate: async (secret) => {
        if (!secret.startsWith('qk_wrong')) return deps.ledger.authenticate(secret);
        begun += 1;
        await released;
        return deps.ledger.authenticate(secret);
      },
    },
  }),
});

test('a flood of wrong keys uses two look-ups, gets 503 immediately, and does not delay valid keys', async () => {
  const transfer = {
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: { account_id: toPublic('account', accounts.ada) },
    destination: { account_id: toPublic('account', accounts.grace) },
  };
  const write = (secret?: string) =>
    api.call('/v1/transfers', { body: transfer, key: aKey(), ...(secret !== undefined && { secret }) });
  expect((await write()).status).toBe(201);
  let refused = 0;
  const flood = Array.from({ length: 400 }, async () => {
    const answer = await write(`qk_wrong${randomBytes(32).toString('base64url').slice(0, 38)}`);
    if (answer.status === 503) refused += 1;
    return answer;
  });
  while (begun + refused < 200) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toBe(2);
  expect((await write()).status).toBe(201);
  release();
  const answers = await Promise.all(flood);
  const withStatus = (status: number) => answers.filter((answer) => answer.status === status);
  expect([withStatus(503).length, withStatus(401).length, begun]).toEqual([198, 202, 202]);
  expect(withStatus(503)[0]?.body).toMatchObject({ code: 'not_attempted', retryable: true });
  // Not all at the same moment.
  expect(new Set(withStatus(503).map(({ body }) => body.retry_after_ms)).size).toBeGreaterThan(10);
  for (const { headers } of withStatus(503)) expect(headers['retry-after']).toMatch(/^[1-4]$/);
}, 20_000);
