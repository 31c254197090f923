import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { toPublic } from '../../../domain/ids.ts';
import { newSecret, readSeal } from '../../../ledger/access/seal.ts';
import { aKey, freshApi } from '../../../test/support/harness/api.ts';

/** Look-ups of made-up keys that have begun, and what lets them end. */
let begun = 0;
let release = () => {};
const released = new Promise<void>((resolve) => {
  release = resolve;
});
afterAll(() => release());

/** Secrets that were made here, and whose keys are gone. */
const lost = new Set<string>();

const { pools, accounts, api, another } = freshApi({
  tamper: (deps) => ({
    ...deps,
    ledger: {
      ...deps.ledger,
      authenticate: async (secret) => {
        if (!lost.has(secret)) return deps.ledger.authenticate(secret);
        begun += 1;
        await released;
        return deps.ledger.authenticate(secret);
      },
    },
  }),
});

test('a flood of lost keys uses two look-ups, gets 503 immediately, and does not delay valid keys', async () => {
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
  const seal = await readSeal(pools.root);
  const flood = Array.from({ length: 1_000 }, async () => {
    const secret = newSecret(seal);
    lost.add(secret);
    const answer = await write(secret);
    if (answer.status === 503) refused += 1;
    return answer;
  });
  while (begun + refused < 200) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toBe(2);
  expect((await write()).status).toBe(201);
  release();
  const answers = await Promise.all(flood);
  const withStatus = (status: number) => answers.filter((answer) => answer.status === status);
  expect([withStatus(503).length, withStatus(401).length, begun]).toEqual([198, 802, 802]);
  expect(withStatus(503)[0]?.body).toMatchObject({ code: 'not_attempted', retryable: true });
  // Not all at the same moment.
  expect(new Set(withStatus(503).map(({ body }) => body.retry_after_ms)).size).toBeGreaterThan(10);
  // It grows with the time that the trouble lasts, and so with the slowness of the machine: half a minute, and as much again.
  for (const { headers } of withStatus(503)) expect(headers['retry-after']).toMatch(/^([1-9]|[1-5]\d|60)$/);
});

test('a key that somebody made up is refused without a look-up, however many there are', async () => {
  let lookUps = 0;
  const one = await another({
    tamper: (deps) => ({
      ...deps,
      ledger: {
        ...deps.ledger,
        authenticate: (secret) => {
          lookUps += 1;
          return deps.ledger.authenticate(secret);
        },
      },
    }),
  });
  const [, random = '', checksum = ''] = /^qk_(.{43})(.{8})$/.exec(newSecret(await readSeal(pools.root))) ?? [];
  const madeUp = [
    ...Array.from({ length: 500 }, () => `qk_${randomBytes(38).toString('base64url').padEnd(51, 'A')}`),
    ...Array.from({ length: 20 }, () => newSecret(randomBytes(32))),
    `qk_${random}`,
    `qk_${random}${checksum}x`,
    `qk_${random}${checksum.toLowerCase()}`,
    `qk_${randomBytes(32).toString('base64url')}${checksum}`,
  ];
  const answers = await Promise.all(madeUp.map((secret) => one.call('/v1/me', { secret })));
  expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
  expect(lookUps).toBe(0);
  expect((await one.call('/v1/me')).status).toBe(200);
  expect(lookUps).toBe(1);
});
