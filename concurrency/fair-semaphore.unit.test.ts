import { expect, test } from '@jest/globals';
import { createFairSemaphore, type FairSemaphore, type PermitOwner } from './fair-semaphore.ts';

const never = new AbortController().signal;
const owner = (bank: string, tenantId = 'ours'): PermitOwner => ({ part: bank, tenantId });

/** Asks for so many permits, and tells how many were granted by now and lets one go. */
function asks(semaphore: FairSemaphore, who: PermitOwner, count: number, order: string[] = []) {
  const got: PermitOwner[] = [];
  for (let n = 0; n < count; n += 1)
    void semaphore.acquire(who, never).then((isGranted) => {
      if (!isGranted) return;
      got.push(who);
      order.push(`${who.tenantId}/${who.part}`);
    });
  return { got, release: () => semaphore.release(who) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one bank holds half of all permits at most, however much of it waits', async () => {
  const semaphore = createFairSemaphore(32);
  const silent = asks(semaphore, owner('silent'), 500);
  await settled();
  expect(silent.got).toHaveLength(16);
  const good = asks(semaphore, owner('good'), 4);
  await settled();
  expect(good.got).toHaveLength(4);
});

test('each further silent bank takes half of what the others left, and gets its share as they release theirs', async () => {
  const semaphore = createFairSemaphore(32);
  const silent = Array.from({ length: 5 }, (_, n) => asks(semaphore, owner(`silent ${n}`, `tenant ${n}`), 100));
  await settled();
  expect(silent.map(({ got }) => got.length)).toEqual([16, 8, 4, 2, 1]);
  // Each of their sends ends once, and the next ones of its bank wait already.
  const ended = silent.map(({ got }) => got.length);
  for (const [n, { release }] of silent.entries()) for (let left = ended[n] ?? 0; left > 0; left -= 1) release();
  await settled();
  const held = silent.map(({ got }, n) => got.length - (ended[n] ?? 0));
  expect(Math.max(...held)).toBeLessThanOrEqual(8);
  const good = asks(semaphore, owner('good', 'another'), 1);
  await settled();
  expect(good.got).toHaveLength(1);
});

test('one tenant with many silent banks leaves a quarter to the others', async () => {
  const semaphore = createFairSemaphore(32);
  const silent = Array.from({ length: 20 }, (_, n) => asks(semaphore, owner(`silent ${n}`), 100));
  await settled();
  expect(silent.flatMap(({ got }) => got)).toHaveLength(24);
  const others = asks(semaphore, owner('good', 'others'), 4);
  await settled();
  expect(others.got).toHaveLength(4);
});

test('what waits is granted when a permit is released, tenants in turn and of each its banks', async () => {
  const semaphore = createFairSemaphore(1);
  const order: string[] = [];
  const first = asks(semaphore, owner('a'), 1);
  for (const [bank, tenantId] of [
    ['a', 'ours'],
    ['a', 'ours'],
    ['b', 'ours'],
    ['a', 'theirs'],
  ] as const)
    asks(semaphore, owner(bank, tenantId), 1, order);
  await settled();
  first.release();
  for (let n = 0; n < 4; n += 1) {
    await settled();
    expect(order).toHaveLength(n + 1);
    const [tenantId = '', bank = ''] = order[n]?.split('/') ?? [];
    semaphore.release({ tenantId, part: bank });
  }
  expect(order).toEqual(['ours/a', 'theirs/a', 'ours/b', 'ours/a']);
});

test('an aborted wait gets nothing, and the next is served', async () => {
  const semaphore = createFairSemaphore(1);
  expect(semaphore.tryAcquire(owner('a'))).toBe(true);
  expect(semaphore.tryAcquire(owner('b'))).toBe(false);
  const patience = new AbortController();
  const [impatient, patient] = [semaphore.acquire(owner('a'), patience.signal), semaphore.acquire(owner('a'), never)];
  patience.abort();
  expect(await impatient).toBe(false);
  semaphore.release(owner('a'));
  expect(await patient).toBe(true);
});

test('of those that may wait one bank takes half, so that others can still wait', async () => {
  const semaphore = createFairSemaphore(1, 8);
  await semaphore.acquire(owner('a'), never);
  const waiting = Array.from({ length: 10 }, () => semaphore.acquire(owner('a'), never));
  const refused = await Promise.all(waiting.slice(4));
  expect(refused).toEqual([false, false, false, false, false, false]);
  const other = semaphore.acquire(owner('b'), never);
  semaphore.release(owner('a'));
  semaphore.release(owner('a'));
  expect(await other).toBe(true);
});
