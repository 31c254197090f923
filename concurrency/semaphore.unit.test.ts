import { expect, test } from '@jest/globals';
import { createSemaphore } from './semaphore.ts';

const never = new AbortController().signal;

test('waiters are served in order of arrival', async () => {
  const semaphore = createSemaphore(2);
  expect(await semaphore.acquire(5, never)).toBe(2);
  const [first, second] = [semaphore.acquire(1, never), semaphore.acquire(1, never)];
  expect(semaphore.tryAcquire()).toBe(false);
  semaphore.release(1);
  expect(await first).toBe(1);
  semaphore.release(1);
  expect(await second).toBe(1);
});

test('an aborted wait gets nothing, and the next is served', async () => {
  const semaphore = createSemaphore(1);
  await semaphore.acquire(1, never);
  const patience = new AbortController();
  const [impatient, patient] = [semaphore.acquire(1, patience.signal), semaphore.acquire(1, never)];
  patience.abort();
  expect(await impatient).toBe(0);
  semaphore.release(1);
  expect(await patient).toBe(1);
});

test('at most that many wait: the next gets nothing immediately', async () => {
  const semaphore = createSemaphore(1, 1);
  await semaphore.acquire(1, never);
  const waiting = semaphore.acquire(1, never);
  expect(await semaphore.acquire(1, never)).toBe(0);
  semaphore.release(1);
  expect(await waiting).toBe(1);
});
