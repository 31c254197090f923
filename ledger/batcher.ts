import { setTimeout as sleep } from 'node:timers/promises';
import { createLanes } from '../concurrency/lanes.ts';
import { Overload } from '../concurrency/overload.ts';
import { check } from '../domain/check.ts';
import { isHopeless, isLockTimeout, isSplittable, RowLocked } from './faults.ts';
import { type LockWatch, partBlocked } from './locks/watch.ts';

/** Bounds of one batcher. Times in milliseconds. */
export type BatcherLimits = {
  /** Concurrent calls, each on a connection of its own. */
  lanes: number;
  /** Commands in one call. */
  batchMax: number;
  /** Commands that may wait; one more is refused before anything was sent. */
  queueMax: number;
  /** How often one call is sent again after a fault, always with the same ids. */
  triesMax: number;
  /** Wait before the second try; it doubles. */
  pauseMs: number;
  /** A command that waits for a locked row leaves its lane, and is tried again after this long. */
  blockedPauseMs: number;
  /** Once a lock has lasted this long, commands that need it fail without waiting. */
  blockedMaxMs: number;
};

const batcherLimits: BatcherLimits = {
  lanes: 2,
  batchMax: 500,
  queueMax: 10_000,
  triesMax: 4,
  pauseMs: 20,
  blockedPauseMs: 50,
  blockedMaxMs: 400,
};

type Waiting<C, R> = { command: C; key: string; resolve: (answer: R) => void; reject: (error: unknown) => void };

export type Batcher<C, R> = { push(command: C): Promise<R>; idle(): Promise<void> };

export type BatcherOptions<C, R> = {
  send: (commands: C[]) => Promise<R[]>;
  keyOf: (command: C) => string;
  locks: LockWatch<C>;
  limits?: Partial<BatcherLimits>;
};

/** How one batch is delivered. `setAside`: takes the members that wait for a lock, and returns the others. */
type Delivery<C, R> = {
  send: (commands: C[]) => Promise<R[]>;
  setAside: (batch: Waiting<C, R>[], when: { afterTimeout: boolean }) => Promise<Waiting<C, R>[]>;
  limits: BatcherLimits;
};

/**
 * A natural micro-batcher: whatever has gathered leaves when a lane is free, so a batch grows only when the database is
 * behind. Two commands of one `key` never share a batch, because the verbs decide each on the rows as they were before it.
 * A command that the database refuses permanently is found by halving the batch; its siblings are written. A command that
 * finds the queue full was never sent: an {@link Overload}, safe to try again.
 *
 * A row that somebody else keeps locked delays only the commands that need it. Once a call has timed out on it, each batch
 * is examined before it is sent: what needs the row leaves the lane, is tried again from the queue, and fails with
 * {@link RowLocked} when the lock lasts.
 */
export function createBatcher<C, R>({ send, keyOf, locks, limits: overrides }: BatcherOptions<C, R>): Batcher<C, R> {
  const limits = { ...batcherLimits, ...overrides };
  const queue: Waiting<C, R>[] = [];
  let aside = 0;

  const again = (waiting: Waiting<C, R>) => {
    aside += 1;
    setTimeout(() => {
      aside -= 1;
      queue.push(waiting);
      lanes.wake();
    }, limits.blockedPauseMs);
  };

  const setAside: Delivery<C, R>['setAside'] = async (batch, when) => {
    const { free, waiting } = await partBlocked(batch, locks, when);
    for (const { item, knownMs } of waiting) {
      if (knownMs < limits.blockedMaxMs) again(item);
      else item.reject(new RowLocked('another transaction keeps a row locked that this command needs'));
    }
    return free;
  };

  const lanes = createLanes<Waiting<C, R>>({
    lanes: () => limits.lanes,
    isEmpty: () => queue.length === 0,
    take: () => take(queue, limits.batchMax),
    run: async (batch) => {
      const free = locks.holders.isAny() ? await setAside(batch, { afterTimeout: false }) : batch;
      await deliver(free, { send, setAside, limits });
    },
  });

  const push = (command: C): Promise<R> => {
    if (queue.length + aside >= limits.queueMax)
      return Promise.reject(new Overload('the ledger has more waiting than it may take'));
    return new Promise<R>((resolve, reject) => {
      queue.push({ command, key: keyOf(command), resolve, reject });
      lanes.wake();
    });
  };

  const idle = async (): Promise<void> => {
    await lanes.idle();
    if (aside === 0) return;
    await sleep(limits.blockedPauseMs);
    await idle();
  };

  return { push, idle };
}

/** Takes the oldest commands, leaving behind any whose key is in the batch already. */
function take<C, R>(queue: Waiting<C, R>[], max: number): Waiting<C, R>[] {
  const keys = new Set<string>();
  const batch: Waiting<C, R>[] = [];
  const left: Waiting<C, R>[] = [];
  for (const waiting of queue) {
    if (batch.length < max && !keys.has(waiting.key)) {
      keys.add(waiting.key);
      batch.push(waiting);
    } else left.push(waiting);
  }
  queue.splice(0, queue.length, ...left);
  return batch;
}

/** Sends one batch until every member has its answer, its error, or waits aside. Never throws. */
async function deliver<C, R>(batch: Waiting<C, R>[], delivery: Delivery<C, R>): Promise<void> {
  const { send, setAside, limits } = delivery;
  for (let tries = 1; batch.length > 0; tries += 1) {
    try {
      const answers = await send(batch.map((waiting) => waiting.command));
      check(answers.length === batch.length, 'the ledger answered another number of commands than it was given');
      for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer);
      return;
    } catch (error) {
      const free = isLockTimeout(error) ? await setAside(batch, { afterTimeout: true }) : batch;
      if (free.length < batch.length) return deliver(free, delivery);
      // Halved: a poisonous command harms nobody else, and commands that wait for each other pass.
      if (batch.length > 1 && (isHopeless(error) || isSplittable(error))) {
        const middle = batch.length >> 1;
        await deliver(batch.slice(0, middle), delivery);
        return deliver(batch.slice(middle), delivery);
      }
      if (isHopeless(error) || tries >= limits.triesMax) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      // Unknown or passing: the same ids again. What was committed answers as it was decided.
      await sleep(limits.pauseMs * 2 ** (tries - 1));
    }
  }
}
