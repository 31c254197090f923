import { expect, test } from '@jest/globals';
import { createRowWriter } from './row-writer.ts';

/** A writer of numbers, three a call, whose calls fail as often as the test says. */
function numbers() {
  const waiting: number[] = [];
  const calls: number[][] = [];
  const late: number[] = [];
  const errors: { rows: number; lateMs: number }[] = [];
  const state = { failures: 0, taken: 0 };
  const writer = createRowWriter<number>({
    take: () => {
      state.taken += 1;
      return waiting.splice(0, 3);
    },
    write: async (rows) => {
      calls.push([...rows]);
      if (state.failures === 0) return;
      state.failures -= 1;
      throw new Error('the commit is not known');
    },
    onWritten: (lateMs) => late.push(lateMs),
    onError: (_, rows, lateMs) => errors.push({ rows, lateMs }),
  });
  return { writer, waiting, calls, late, errors, state };
}

test('a call writes what it takes, and without anything there is no call', async () => {
  const { writer, waiting, calls, late } = numbers();
  await writer.write();
  waiting.push(1, 2, 3, 4);
  await writer.write();
  await writer.write();
  expect([calls, late]).toEqual([
    [[1, 2, 3], [4]],
    [0, 0],
  ]);
});

test('rows of a call that failed are sent again as they are, before anything else, and how late they are is said', async () => {
  const { writer, waiting, calls, late, errors, state } = numbers();
  waiting.push(1, 2);
  state.failures = 2;
  await writer.write();
  waiting.push(3);
  await writer.write();
  // What waits is not taken as long as something is kept.
  expect([waiting, state.taken]).toEqual([[3], 1]);
  await writer.write();
  await writer.write();
  expect(calls).toEqual([[1, 2], [1, 2], [1, 2], [3]]);
  expect(errors).toEqual([
    { rows: 2, lateMs: expect.any(Number) },
    { rows: 2, lateMs: expect.any(Number) },
  ]);
  expect(errors[1]?.lateMs).toBeGreaterThan(errors[0]?.lateMs ?? 0);
  expect(late.slice(2)).toEqual([0, 0]);
});

test('several that write at once make one call', async () => {
  const { writer, waiting, calls } = numbers();
  waiting.push(1);
  await Promise.all([writer.write(), writer.write(), writer.write()]);
  expect(calls).toEqual([[1]]);
});

test('everything is written call after call, and what fails once is tried again within the time', async () => {
  const { writer, waiting, calls, state } = numbers();
  waiting.push(1, 2, 3, 4, 5, 6, 7);
  state.failures = 1;
  expect(await writer.writeAll(60_000)).toBe(0);
  expect(calls).toEqual([[1, 2, 3], [1, 2, 3], [4, 5, 6], [7]]);
});

test('what cannot be written in time is said, with how much it is', async () => {
  const { writer, waiting, calls, state } = numbers();
  waiting.push(1, 2, 3, 4);
  state.failures = 1_000;
  expect(await writer.writeAll(0)).toBe(3);
  expect(calls).toEqual([[1, 2, 3]]);
});

test('all is taken also where a call that does not take all is under way', async () => {
  const taken: boolean[] = [];
  const ends: (() => void)[] = [];
  const rows = [1, 2];
  const writer = createRowWriter<number>({
    take: (all) => {
      taken.push(all);
      return rows.splice(0, 1);
    },
    write: () => new Promise<void>((resolve) => void ends.push(resolve)),
    onWritten: () => {},
    onError: () => {},
  });
  void writer.write();
  const everything = writer.writeAll(0);
  for (let n = 0; n < 2; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    ends[n]?.();
  }
  expect(await everything).toBe(0);
  expect(taken).toEqual([false, true, true]);
});
