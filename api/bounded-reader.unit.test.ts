import { expect, test } from '@jest/globals';
import { Overload } from '../concurrency/overload.ts';
import type { Reader } from '../drizzle/client.ts';
import { createBoundedReader } from './bounded-reader.ts';

/** Reads that end when the test says so, and whose they are, in the order in which they began. */
function slowReader() {
  const begun: { tenantId: string; end: () => void }[] = [];
  const begin = (tenantId: string) =>
    new Promise<never>((end) => begun.push({ tenantId, end: () => end(undefined as never) }));
  const reader: Reader = { read: (tenantId) => begin(tenantId), readAll: () => begin('all') };
  return { reader, begun };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const query = async () => null;

test('a tenant with slow reads leaves connections to the others, who are served at once', async () => {
  const { reader, begun } = slowReader();
  const bounded = createBoundedReader(reader, { runningMax: 8, waitingMax: 500 });
  for (let n = 0; n < 100; n += 1) void bounded.read('greedy', query);
  await turn();
  expect(begun.map(({ tenantId }) => tenantId)).toEqual(Array(6).fill('greedy'));
  void bounded.read('neighbour', query);
  await turn();
  expect(begun.at(-1)?.tenantId).toBe('neighbour');
});

test('tenants that wait are served in turn', async () => {
  const { reader, begun } = slowReader();
  const bounded = createBoundedReader(reader, { runningMax: 1, waitingMax: 500 });
  for (const tenantId of ['a', 'a', 'a', 'a', 'b', 'c']) void bounded.read(tenantId, query);
  for (let n = 0; n < 6; n += 1) {
    await turn();
    begun[n]?.end();
  }
  await turn();
  expect(begun.map(({ tenantId }) => tenantId)).toEqual(['a', 'a', 'b', 'c', 'a', 'a']);
});

test('one tenant cannot fill the queue, and one read more than it may hold is refused', async () => {
  const { reader, begun } = slowReader();
  const bounded = createBoundedReader(reader, { runningMax: 1, waitingMax: 8 });
  const answers = Array.from({ length: 12 }, () => bounded.read('greedy', query));
  const refused = Promise.allSettled(answers.slice(8));
  const other = bounded.read('neighbour', query);
  void Promise.allSettled([...answers, other]);
  await turn();
  expect((await Promise.race([refused, turn()])) ?? 'waits').toMatchObject([
    { reason: expect.any(Overload) },
    { reason: expect.any(Overload) },
    { reason: expect.any(Overload) },
    { reason: expect.any(Overload) },
  ]);
  begun[0]?.end();
  await turn();
  begun[1]?.end();
  await turn();
  expect(begun[2]?.tenantId).toBe('neighbour');
});

test('a read that fails frees its connection', async () => {
  const failing: Reader = {
    read: () => Promise.reject(new Error('away')),
    readAll: () => Promise.reject(new Error('away')),
  };
  const bounded = createBoundedReader(failing, { runningMax: 1, waitingMax: 8 });
  for (let n = 0; n < 3; n += 1) await expect(bounded.read('a', query)).rejects.toThrow('away');
});
