import { expect, test } from '@jest/globals';
import { createLanes } from './lanes.ts';

/** Long enough for a batch that ended to wake the lanes, and for the next one to be taken. */
async function turn(): Promise<void> {
  for (let n = 0; n < 2; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A queue of numbers on some lanes, whose batches end when the test says so. */
function numbersOn(lanes: number, batchMax = 10) {
  const queue: number[] = [];
  const batches: { items: number[]; end: () => void }[] = [];
  const running = createLanes<number>({
    lanes: () => lanes,
    isEmpty: () => queue.length === 0,
    take: () => queue.splice(0, batchMax),
    run: (items) => new Promise((end) => void batches.push({ items, end })),
  });
  const push = (...items: number[]) => {
    queue.push(...items);
    running.wake();
  };
  return { running, batches, push };
}

test('what arrives in one turn leaves together, and what comes while all lanes are busy waits', async () => {
  const { running, batches, push } = numbersOn(1);
  push(1);
  push(2);
  await turn();
  push(3, 4);
  await turn();
  expect([batches.map(({ items }) => items), running.busy()]).toEqual([[[1, 2]], 1]);
  batches[0]?.end();
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a batch that is empty takes no lane, and the rest of the queue is still taken', async () => {
  const queue = [0, 0, 7];
  const ran: number[][] = [];
  const running = createLanes<number>({
    lanes: () => 1,
    isEmpty: () => queue.length === 0,
    take: () => queue.splice(0, 1).filter((item) => item > 0),
    run: async (items) => void ran.push(items),
  });
  await running.idle();
  expect(ran).toEqual([[7]]);
});

test('idle waits for what is queued and for what is in flight', async () => {
  const { running, batches, push } = numbersOn(1, 1);
  push(1, 2);
  let isIdle = false;
  const idle = running.idle().then(() => (isIdle = true));
  await turn();
  batches[0]?.end();
  await turn();
  expect([isIdle, batches.length]).toEqual([false, 2]);
  batches[1]?.end();
  await idle;
});
