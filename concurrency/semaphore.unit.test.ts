import { expect, test } from '@jest/globals';
import { createRoom } from './semaphore.ts';

const never = new AbortController().signal;

test('whoever waits is served in order of arrival', async () => {
  const room = createRoom(2);
  expect(await room.take(5, never)).toBe(2);
  const [first, second] = [room.take(1, never), room.take(1, never)];
  expect(room.takeNow()).toBe(false);
  room.giveBack(1);
  expect(await first).toBe(1);
  room.giveBack(1);
  expect(await second).toBe(1);
});

test('a wait that is ended gets nothing and leaves its turn to the next', async () => {
  const room = createRoom(1);
  await room.take(1, never);
  const patience = new AbortController();
  const [impatient, patient] = [room.take(1, patience.signal), room.take(1, never)];
  patience.abort();
  expect(await impatient).toBe(0);
  room.giveBack(1);
  expect(await patient).toBe(1);
});

test('only so many wait: the next is told at once that there is no room', async () => {
  const room = createRoom(1, 1);
  await room.take(1, never);
  const waiting = room.take(1, never);
  expect(await room.take(1, never)).toBe(0);
  room.giveBack(1);
  expect(await waiting).toBe(1);
});
