import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';
import { createKeyOwners } from './key-owners.ts';

const limits = { ttlMs: 20, keysMax: 50, strangers: { runningMax: 2, waitingMax: 10 } };
const ada = { id: 'ada' } as unknown as KeyOwner;
const strange = () => `qk_${randomBytes(32).toString('base64url')}`;

/** Every look-up that was begun, and how to end it. */
let asked: { secret: string; end(owner: KeyOwner | null): void; fail(): void }[] = [];
let ownerOf: (secret: string) => Promise<KeyOwner | null>;
beforeEach(() => {
  asked = [];
  ownerOf = createKeyOwners(
    (secret) =>
      new Promise((end, reject) => {
        asked.push({ secret, end, fail: () => reject(new Error('away')) });
      }),
    limits,
  );
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Ends what was asked, and what is asked then, until nothing is. */
async function endAll(): Promise<void> {
  for (let at = 0; at < asked.length; at += 1) {
    asked[at]?.end(null);
    await turn();
  }
}

async function show(secret: string): Promise<void> {
  const found = ownerOf(secret);
  await turn();
  asked.at(-1)?.end(ada);
  expect(await found).toBe(ada);
}

test('of a flood of made-up keys two are looked up at once, ten wait, and the rest is refused unasked', async () => {
  const answers = Array.from({ length: 1_000 }, () => ownerOf(strange()));
  const settled = Promise.allSettled(answers);
  await turn();
  expect(asked).toHaveLength(2);
  await endAll();
  const refused = (await settled).filter(({ status }) => status === 'rejected');
  expect([asked.length, refused.length]).toEqual([12, 988]);
});

test('a key that had an owner is asked about ahead of all strangers, and is not forgotten for them', async () => {
  await show('ada');
  for (let n = 0; n < 20; n += 1) {
    const answers = Promise.allSettled(Array.from({ length: 12 }, () => ownerOf(strange())));
    await turn();
    await endAll();
    await answers;
  }
  void Promise.allSettled(Array.from({ length: 100 }, () => ownerOf(strange())));
  await sleep(limits.ttlMs + 1);
  const found = ownerOf('ada');
  expect(asked.at(-1)?.secret).toBe('ada');
  asked.at(-1)?.end(ada);
  expect(await found).toBe(ada);
});

test('all that wait for one key wait for one look-up, however long it waits for its turn', async () => {
  void Promise.allSettled(Array.from({ length: 2 }, () => ownerOf(strange())));
  await turn();
  const first = ownerOf('ada');
  await sleep(limits.ttlMs + 1);
  const second = ownerOf('ada');
  asked[0]?.end(null);
  await turn();
  asked[2]?.end(ada);
  expect(await Promise.all([first, second])).toEqual([ada, ada]);
  expect(asked.map(({ secret }) => secret).filter((secret) => secret === 'ada')).toHaveLength(1);
});

test('an answer is believed for its time, yes or no, and a failure not at all', async () => {
  await show('ada');
  const nobody = ownerOf('nobody');
  await turn();
  asked.at(-1)?.end(null);
  expect([await nobody, await ownerOf('nobody'), await ownerOf('ada')]).toEqual([null, null, ada]);
  expect(asked).toHaveLength(2);
  await sleep(limits.ttlMs + 1);
  const failed = ownerOf('ada');
  asked.at(-1)?.fail();
  await expect(failed).rejects.toThrow('away');
  await show('ada');
});

test('a key that lost its owner is a stranger', async () => {
  await show('ada');
  await sleep(limits.ttlMs + 1);
  const revoked = ownerOf('ada');
  asked.at(-1)?.end(null);
  expect(await revoked).toBeNull();
  await sleep(limits.ttlMs + 1);
  void Promise.allSettled(Array.from({ length: 12 }, () => ownerOf(strange())));
  await expect(ownerOf('ada')).rejects.toThrow('strange keys wait');
});
