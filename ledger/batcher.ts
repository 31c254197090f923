import { createLanes } from '../concurrency/lanes.ts';
import { Overload } from '../concurrency/overload.ts';
import { check } from '../domain/check.ts';
import { isHopeless, isSplittable } from './faults.ts';

/** Bounds of one batcher. Times in milliseconds. */
export type BatcherLimits = {
  /** Calls under way at once, each on a connection of its own. */
  lanes: number;
  /** Commands in one call. */
  batchMax: number;
  /** Commands that may wait; one more is refused before anything was sent. */
  queueMax: number;
  /** How often one call is sent again after a fault, always with the same ids. */
  triesMax: number;
  /** Wait before the second try; it doubles. */
  pauseMs: number;
};

const batcherLimits: BatcherLimits = { lanes: 2, batchMax: 500, queueMax: 10_000, triesMax: 4, pauseMs: 20 };

type Waiting<C, R> = { command: C; key: string; resolve: (answer: R) => void; reject: (error: unknown) => void };

export type Batcher<C, R> = { push(command: C): Promise<R>; idle(): Promise<void> };

/**
 * A natural micro-batcher: whatever has gathered leaves when a lane is free, so a batch grows only when the database is
 * behind. Two commands of one `key` never share a batch, because the verbs decide each on the rows as they were before it.
 * A command that the database refuses permanently is found by halving the batch; its siblings are written. A command that
 * finds the queue full was never sent: an {@link Overload}, safe to try again.
 */
export function createBatcher<C, R>(options: {
  send: (commands: C[]) => Promise<R[]>;
  keyOf: (command: C) => string;
  limits?: Partial<BatcherLimits>;
}): Batcher<C, R> {
  const limits = { ...batcherLimits, ...options.limits };
  const queue: Waiting<C, R>[] = [];
  const lanes = createLanes<Waiting<C, R>>({
    lanes: () => limits.lanes,
    isEmpty: () => queue.length === 0,
    take: () => take(queue, limits.batchMax),
    run: (batch) => deliver(batch, options.send, limits),
  });

  const push = (command: C): Promise<R> => {
    if (queue.length >= limits.queueMax)
      return Promise.reject(new Overload('the ledger has more waiting than it may take'));
    return new Promise<R>((resolve, reject) => {
      queue.push({ command, key: options.keyOf(command), resolve, reject });
      lanes.wake();
    });
  };

  return { push, idle: lanes.idle };
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

/** Sends one batch until every member has its answer or its error. Never throws. */
async function deliver<C, R>(
  batch: Waiting<C, R>[],
  send: (commands: C[]) => Promise<R[]>,
  limits: BatcherLimits,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answers = await send(batch.map((waiting) => waiting.command));
      check(answers.length === batch.length, 'the ledger answered another number of commands than it was given');
      for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer);
      return;
    } catch (error) {
      // Halved: a poisonous command harms nobody else, and a batch that waits for a lock lets the others pass.
      if (batch.length > 1 && (isHopeless(error) || isSplittable(error))) {
        const middle = batch.length >> 1;
        await deliver(batch.slice(0, middle), send, limits);
        await deliver(batch.slice(middle), send, limits);
        return;
      }
      if (isHopeless(error) || tries >= limits.triesMax) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      // Unknown or passing: the same ids again. What was committed answers as it was decided.
      await new Promise((resolve) => setTimeout(resolve, limits.pauseMs * 2 ** (tries - 1)));
    }
  }
}
