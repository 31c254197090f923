/** The keys of an item in a round robin. */
export type RoundRobinKeys<T> = {
  /** The queue of an item. Queues are served in turn, so that a long one does not block a short one. */
  queueOf: (item: T) => string;
  /** Of items with the same serial key, one at a time is taken. Without it, any number is. */
  serialKeyOf?: ((item: T) => string | null) | undefined;
};

/** A fixed set of items in queues that are served in turn; within a queue in order of arrival. */
export type RoundRobin<T> = {
  /** How many could be taken now. */
  ready(): number;
  take(max: number): T[];
  /** A taken item is finished: the next one with its serial key is ready. */
  done(item: T): void;
  /** A taken item waits again, before the others of its queue. */
  putBack(item: T): void;
  /** The items that were never taken, and those that were put back. */
  rest(): T[];
};

export function createRoundRobin<T>(items: T[], { queueOf, serialKeyOf }: RoundRobinKeys<T>): RoundRobin<T> {
  // The order of the map is the order of service.
  const queues = new Map<string, T[]>();
  const taken = new Set<string | null>();
  for (const item of items) queueFor(queues, queueOf(item)).push(item);

  const isReady = (item: T) => !serialKeyOf || !taken.has(serialKeyOf(item));

  /** The next of the first queue that has one ready; that queue goes to the end. */
  const takeOne = (): T | undefined => {
    for (const [name, queue] of queues) {
      const at = queue.findIndex(isReady);
      const [item] = at < 0 ? [] : queue.splice(at, 1);
      if (!item) continue;
      queues.delete(name);
      if (queue.length > 0) queues.set(name, queue);
      if (serialKeyOf) taken.add(serialKeyOf(item));
      return item;
    }
    return undefined;
  };

  const rest = () => [...queues.values()].flat();
  const free = (item: T) => {
    if (serialKeyOf) taken.delete(serialKeyOf(item));
  };
  return {
    ready: () => {
      const able = rest().filter(isReady);
      return serialKeyOf ? new Set(able.map(serialKeyOf)).size : able.length;
    },
    take: (max) => {
      const wave: T[] = [];
      for (let item = max > 0 ? takeOne() : undefined; item; item = wave.length < max ? takeOne() : undefined)
        wave.push(item);
      return wave;
    },
    done: free,
    putBack: (item) => {
      free(item);
      queueFor(queues, queueOf(item)).unshift(item);
    },
    rest,
  };
}

function queueFor<T>(queues: Map<string, T[]>, name: string): T[] {
  const queue = queues.get(name) ?? [];
  queues.set(name, queue);
  return queue;
}
