/** Work that runs side by side. The first failure is kept, so that nothing new is begun, and thrown when all has ended. */
export type UnderWay = {
  /** The promise that it returns never fails: the failure is kept. */
  start(work: Promise<void>): Promise<void>;
  count(): number;
  hasFailed(): boolean;
  /** Waits until any of it has ended; not at all when nothing is under way. */
  oneEnds(): Promise<void>;
  /** Waits until all of it has ended, then throws the first failure if there was one. */
  allEnd(): Promise<void>;
};

export function createUnderWay(): UnderWay {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  return {
    start: (work) => {
      const watched = work
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(watched));
      running.add(watched);
      return watched;
    },
    count: () => running.size,
    hasFailed: () => failures.length > 0,
    // A race of nobody never ends.
    oneEnds: async () => {
      if (running.size > 0) await Promise.race(running);
    },
    allEnd: async () => {
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
    },
  };
}
