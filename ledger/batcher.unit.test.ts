import { describe, expect, test } from '@jest/globals';
import { Overload } from '../concurrency/overload.ts';
import { type BatcherLimits, createBatcher } from './batcher.ts';
import { createLockHolders } from './locks/holders.ts';

type Command = { id: number; key?: string };
type Call = { ids: number[]; answer: () => void; fail: (error: unknown) => void };

/** Locks that others hold: the ids that wait, and for whom. */
const locksOf = (held: Map<string, string> = new Map()) => ({
  holders: createLockHolders(),
  idOf: ({ id }: Command) => String(id),
  blocked: async () => held,
});

/** A batcher over a database that answers on request. */
function slow(limits: Partial<BatcherLimits> = {}) {
  const calls: Call[] = [];
  const batcher = createBatcher<Command, number>({
    send: (commands) =>
      new Promise((resolve, reject) => {
        const ids = commands.map(({ id }) => id);
        calls.push({ ids, answer: () => resolve(ids.map((id) => id * 10)), fail: reject });
      }),
    keyOf: ({ id, key }) => key ?? String(id),
    locks: locksOf(),
    limits: { pauseMs: 1, ...limits },
  });
  return { batcher, calls, push: (...ids: number[]) => ids.map((id) => batcher.push({ id })) };
}

/** A batcher over a database that refuses what `refuses` names, and answers the rest at once. */
function quick(refuses: (ids: number[], call: number) => Error | null, limits: Partial<BatcherLimits> = {}) {
  const calls: number[][] = [];
  const batcher = createBatcher<Command, number>({
    send: async (commands) => {
      const ids = commands.map(({ id }) => id);
      calls.push(ids);
      const error = refuses(ids, calls.length);
      if (error) throw error;
      return ids.map((id) => id * 10);
    },
    keyOf: ({ id, key }) => key ?? String(id),
    locks: locksOf(),
    limits: { pauseMs: 1, ...limits },
  });
  return { batcher, calls };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const sqlError = (code: string) => Object.assign(new Error(`SQLSTATE ${code}`), { code });
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a batch grows by itself', () => {
  test('a quiet command leaves at once and alone', async () => {
    const { calls, push } = slow();
    const [answer] = push(1);
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([[1]]);
    calls[0]?.answer();
    expect(await answer).toBe(10);
  });

  test('what arrives while the lanes are busy leaves together when one frees', async () => {
    const { calls, push } = slow({ lanes: 2 });
    void push(1);
    await turn();
    void push(2);
    await turn();
    void push(3);
    await turn();
    void push(4, 5);
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([[1], [2]]);
    calls[0]?.answer();
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([[1], [2], [3, 4, 5]]);
  });

  test('to its bound and no further', async () => {
    const { calls, push } = slow({ lanes: 1, batchMax: 3 });
    void push(...numbers(1, 7));
    await turn();
    expect(calls.map(({ ids }) => ids)).toEqual([[1, 2, 3]]);
    calls[0]?.answer();
    await turn();
    expect(calls.at(-1)?.ids).toEqual([4, 5, 6]);
  });
});

test('two commands of one key never share a batch, and keep their order', async () => {
  const { batcher, calls } = slow({ lanes: 1 });
  for (const [id, key] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
    [4, 'a'],
    [5, 'c'],
  ] as const)
    void batcher.push({ id, key });
  for (const expected of [[1, 2, 5], [3], [4]]) {
    await turn();
    expect(calls.at(-1)?.ids).toEqual(expected);
    calls.at(-1)?.answer();
  }
  await batcher.idle();
  expect(calls).toHaveLength(3);
});

describe('a full queue', () => {
  test('refuses what it has not taken, and goes on when there is room', async () => {
    const { batcher, calls, push } = slow({ lanes: 1, queueMax: 2 });
    void push(1);
    await turn();
    void push(2, 3);
    await expect(batcher.push({ id: 4 })).rejects.toThrow(Overload);
    calls[0]?.answer();
    await turn();
    const [late] = push(5);
    calls[1]?.answer();
    await turn();
    calls[2]?.answer();
    expect(await late).toBe(50);
    expect(calls.flatMap(({ ids }) => ids)).toEqual([1, 2, 3, 5]);
  });
});

describe('a command that the database cannot digest', () => {
  test.each(['22003', '23514', '42883', 'P0001', 'XX000'])(
    '%s is found by halving; its siblings are written once',
    async (code) => {
      const written: number[] = [];
      const { batcher, calls } = quick((ids) => {
        if (ids.includes(5)) return sqlError(code);
        written.push(...ids);
        return null;
      });
      const answers = await Promise.allSettled(numbers(1, 8).map((id) => batcher.push({ id })));
      expect(answers.map(({ status }) => status)).toEqual(
        numbers(1, 8).map((id) => (id === 5 ? 'rejected' : 'fulfilled')),
      );
      expect(answers[4]).toMatchObject({ reason: { code } });
      expect(written.sort()).toEqual([1, 2, 3, 4, 6, 7, 8]);
      expect(calls).toEqual([numbers(1, 8), [1, 2, 3, 4], [5, 6, 7, 8], [5, 6], [5], [6], [7, 8]]);
    },
  );

  test('alone is tried once', async () => {
    const { batcher, calls } = quick(() => sqlError('23514'));
    await expect(batcher.push({ id: 1 })).rejects.toMatchObject({ code: '23514' });
    expect(calls).toHaveLength(1);
  });

  test('an answer of the wrong length is a bug, not an answer', async () => {
    const batcher = createBatcher<Command, number>({
      send: async () => [],
      keyOf: ({ id }) => String(id),
      locks: locksOf(),
      limits: { pauseMs: 1 },
    });
    await expect(batcher.push({ id: 1 })).rejects.toThrow('another number');
  });
});

describe('a fault', () => {
  test.each([
    ['the connection was lost', Object.assign(new Error('terminated'), { code: 'ECONNRESET' })],
    ['no code at all', new Error('Connection terminated unexpectedly')],
    ['the server is shutting down', sqlError('57P01')],
    ['a deadlock', sqlError('40P01')],
  ])('%s: the same ids go again', async (_, error) => {
    const { batcher, calls } = quick((__, call) => (call <= 2 ? error : null));
    expect(await Promise.all([1, 2, 3].map((id) => batcher.push({ id })))).toEqual([10, 20, 30]);
    expect(calls).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test('has an end, and tells everybody in the batch', async () => {
    const { batcher, calls } = quick(() => new Error('away'), { triesMax: 3 });
    const answers = await Promise.allSettled([1, 2].map((id) => batcher.push({ id })));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toHaveLength(3);
  });

  test.each(['55P03', '57014'])('%s (waited too long): the halves get past each other', async (code) => {
    const { batcher, calls } = quick((ids) => (ids.length > 1 && ids.includes(1) ? sqlError(code) : null));
    expect(await Promise.all([1, 2, 3, 4].map((id) => batcher.push({ id })))).toEqual([10, 20, 30, 40]);
    expect(calls).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]);
  });

  test('does not stop the lane: the next batch goes on', async () => {
    const { batcher } = quick((ids) => (ids.includes(1) ? new Error('away') : null), { lanes: 1, triesMax: 1 });
    await expect(batcher.push({ id: 1 })).rejects.toThrow('away');
    expect(await batcher.push({ id: 2 })).toBe(20);
  });
});

describe('a row that somebody keeps locked', () => {
  /** A database in which command 1 needs a locked row until `unlock`, and every call with it times out. */
  function locked(limits: Partial<BatcherLimits> = {}) {
    const held = new Map([['1', 'holder']]);
    const calls: number[][] = [];
    const batcher = createBatcher<Command, number>({
      send: async (commands) => {
        const ids = commands.map(({ id }) => id);
        calls.push(ids);
        if (ids.some((id) => held.has(String(id)))) throw sqlError('55P03');
        return ids.map((id) => id * 10);
      },
      keyOf: ({ id }) => String(id),
      locks: locksOf(held),
      limits: { pauseMs: 1, blockedPauseMs: 1, ...limits },
    });
    return { batcher, calls, unlock: () => held.clear() };
  }

  test('one call times out, and the others go on without those that need the row', async () => {
    const { batcher, calls } = locked({ blockedMaxMs: 0 });
    const answers = await Promise.allSettled(numbers(1, 4).map((id) => batcher.push({ id })));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(answers[0]).toMatchObject({ reason: { name: 'RowLocked' } });
    expect(calls).toEqual([
      [1, 2, 3, 4],
      [2, 3, 4],
    ]);
  });

  test('no later call waits for it', async () => {
    const { batcher, calls } = locked({ blockedMaxMs: 0 });
    for (let n = 0; n < 3; n += 1) await Promise.allSettled([1, 2].map((id) => batcher.push({ id })));
    expect(calls).toEqual([[1, 2], [2], [2], [2]]);
  });

  test('a lock that ends in time costs nobody an error', async () => {
    const { batcher, unlock } = locked({ blockedMaxMs: 60_000 });
    const first = batcher.push({ id: 1 });
    expect(await batcher.push({ id: 2 })).toBe(20);
    const idle = batcher.idle();
    unlock();
    expect(await first).toBe(10);
    await idle;
  });
});

test('idle waits for what is on its way', async () => {
  const { batcher, calls, push } = slow({ lanes: 1 });
  const answers = push(1, 2);
  let isIdle = false;
  const idle = batcher.idle().then(() => (isIdle = true));
  await turn();
  expect(isIdle).toBe(false);
  calls[0]?.answer();
  await Promise.all([...answers, idle]);
  await batcher.idle();
});
