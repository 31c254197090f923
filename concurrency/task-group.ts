/** Concurrent tasks. The first failure is kept, so that nothing new is started, and thrown when all have ended. */
export type TaskGroup = {
  /** The promise that it returns never rejects: the failure is kept. */
  start(task: Promise<void>): Promise<void>;
  /** How many tasks run now. */
  size(): number;
  hasFailed(): boolean;
  /** Waits until one of the running tasks has ended; not at all when none runs. */
  waitForOne(): Promise<void>;
  /** Waits until all have ended, then throws the first failure if there was one. */
  waitForAll(): Promise<void>;
};

export function createTaskGroup(): TaskGroup {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  return {
    start: (task) => {
      const tracked = task
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(tracked));
      running.add(tracked);
      return tracked;
    },
    size: () => running.size,
    hasFailed: () => failures.length > 0,
    // A race of no promises never settles.
    waitForOne: async () => {
      if (running.size > 0) await Promise.race(running);
    },
    waitForAll: async () => {
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
    },
  };
}
