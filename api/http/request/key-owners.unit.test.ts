import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';
import { createKeyOwners } from './key-owners.ts';

const limits = { ttlMs: 1_000, keysMax: 50, unknownKeys: { runningMax: 2, waitingMax: 10 } };
const ada = { id: 'ada' } as unknown as KeyOwner;
const unknownKey = () => `qk_${randomBytes(32).toString('base64url')}`;

/** The time of the look-ups: it passes when a test says so. */
let clockMs = 0;
/** Every look-up that has begun, and how to end it. */
let lookUps: { secret: string; end(owner: KeyOwner | null): void; fail(): void }[] = [];
let ownerOf: (secret: string) => Promise<KeyOwner | null>;
beforeEach(() => {
  lookUps = [];
  ownerOf = createKeyOwners(
    (secret) =>
      new Promise((end, reject) => {
        lookUps.push({ secret, end, fail: () => reject(new Error('away')) });
      }),
    limits,
    () => clockMs,
  );
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Ends all look-ups, and those that begin then, until none is left. */
async function endAll(): Promise<void> {
  for (let at = 0; at < lookUps.length; at += 1) {
    lookUps[at]?.end(null);
    await turn();
  }
}

async function show(secret: string): Promise<void> {
  const found = ownerOf(secret);
  await turn();
  lookUps.at(-1)?.end(ada);
  expect(await found).toBe(ada);
}

test('of a flood of made-up keys two are looked up concurrently, ten wait, and the rest is refused without a look-up', async () => {
  const answers = Array.from({ length: 1_000 }, () => ownerOf(unknownKey()));
  const settled = Promise.allSettled(answers);
  await turn();
  expect(lookUps).toHaveLength(2);
  await endAll();
  const refused = (await settled).filter(({ status }) => status === 'rejected');
  expect([lookUps.length, refused.length]).toEqual([12, 988]);
});

test('a key that had an owner is looked up ahead of all unknown ones, and is not evicted for them', async () => {
  await show('ada');
  for (let n = 0; n < 20; n += 1) {
    const answers = Promise.allSettled(Array.from({ length: 12 }, () => ownerOf(unknownKey())));
    await turn();
    await endAll();
    await answers;
  }
  void Promise.allSettled(Array.from({ length: 100 }, () => ownerOf(unknownKey())));
  clockMs += limits.ttlMs;
  const found = ownerOf('ada');
  expect(lookUps.at(-1)?.secret).toBe('ada');
  lookUps.at(-1)?.end(ada);
  expect(await found).toBe(ada);
});

test('all requests with one key share one look-up, however long it waits', async () => {
  void Promise.allSettled(Array.from({ length: 2 }, () => ownerOf(unknownKey())));
  await turn();
  const first = ownerOf('ada');
  clockMs += limits.ttlMs;
  const second = ownerOf('ada');
  lookUps[0]?.end(null);
  await turn();
  lookUps[2]?.end(ada);
  expect(await Promise.all([first, second])).toEqual([ada, ada]);
  expect(lookUps.map(({ secret }) => secret).filter((secret) => secret === 'ada')).toHaveLength(1);
});

test('a result is cached for its time, positive or negative, and a failure is not', async () => {
  await show('ada');
  const nobody = ownerOf('nobody');
  await turn();
  lookUps.at(-1)?.end(null);
  expect([await nobody, await ownerOf('nobody'), await ownerOf('ada')]).toEqual([null, null, ada]);
  expect(lookUps).toHaveLength(2);
  clockMs += limits.ttlMs;
  const failed = ownerOf('ada');
  lookUps.at(-1)?.fail();
  await expect(failed).rejects.toThrow('away');
  await show('ada');
});

test('a key that lost its owner is an unknown one', async () => {
  await show('ada');
  clockMs += limits.ttlMs;
  const revoked = ownerOf('ada');
  lookUps.at(-1)?.end(null);
  expect(await revoked).toBeNull();
  clockMs += limits.ttlMs;
  void Promise.allSettled(Array.from({ length: 12 }, () => ownerOf(unknownKey())));
  await expect(ownerOf('ada')).rejects.toThrow('look-ups of unknown keys wait');
});
