/** The source of batches, and what runs them. */
export type LaneOptions<Item> = {
  /** How many batches may be in flight. */
  lanes: () => number;
  isEmpty: () => boolean;
  /** Takes the next batch from a queue that is not empty. An empty batch is not run. */
  take: () => Item[];
  /** Runs a batch. Never rejects. */
  run: (batch: Item[]) => Promise<void>;
};

export type Lanes = {
  /** To be called when something was queued. */
  wake(): void;
  /** How many batches are in flight. */
  busy(): number;
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>;
};

/**
 * Natural batching: what has gathered in a queue leaves as one batch when a lane is free. No timer makes an item wait
 * for others: a single item leaves immediately, and a batch grows only while all lanes are busy.
 */
export function createLanes<Item>({ lanes, isEmpty, take, run }: LaneOptions<Item>): Lanes {
  let busy = 0;
  let isWoken = false;
  let idlers: (() => void)[] = [];

  // One turn of the event loop gathers what arrives together.
  const wake = () => {
    if (isWoken) return;
    isWoken = true;
    setImmediate(() => {
      isWoken = false;
      while (!isEmpty() && busy < lanes()) start(take());
      if (busy === 0) for (const resolve of idlers.splice(0)) resolve();
    });
  };

  const start = (batch: Item[]) => {
    if (batch.length > 0) void runOnLane(batch);
  };

  const runOnLane = async (batch: Item[]): Promise<void> => {
    busy += 1;
    await run(batch);
    busy -= 1;
    wake();
  };

  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      idlers = [...idlers, resolve];
      wake();
    });

  return { wake, busy: () => busy, idle };
}
