/**
 * Room for so many requests side by side, shared by all groups of a process. Whoever waits is served in order of arrival
 * and gets what is free then, so nobody takes all of it twice before another had some.
 */
export type Room = {
  /** Waits until there is room, and takes between 1 and `most` places. Gives 0 when `signal` ends the wait, or too many wait. */
  take(most: number, signal: AbortSignal): Promise<number>;
  /** Takes one place if there is one now. */
  takeNow(): boolean;
  giveBack(places: number): void;
};

type Waiting = { most: number; serve: (places: number) => void };

/** A room of so many places, in which at most `waitingMost` wait for one. */
export function createRoom(places: number, waitingMost = Number.POSITIVE_INFINITY): Room {
  let free = places;
  const queue = new Set<Waiting>();

  const serve = () => {
    for (const waiting of queue) {
      if (free === 0) return;
      const given = Math.min(free, waiting.most);
      free -= given;
      queue.delete(waiting);
      waiting.serve(given);
    }
  };

  const take = (most: number, signal: AbortSignal): Promise<number> =>
    new Promise((resolve) => {
      if (signal.aborted || (free === 0 && queue.size >= waitingMost)) return resolve(0);
      const leave = () => {
        queue.delete(waiting);
        resolve(0);
      };
      const waiting = {
        most,
        serve: (given: number) => {
          signal.removeEventListener('abort', leave);
          resolve(given);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.add(waiting);
      serve();
    });

  return {
    take,
    takeNow: () => {
      if (free === 0 || queue.size > 0) return false;
      free -= 1;
      return true;
    },
    giveBack: (given) => {
      free += given;
      serve();
    },
  };
}
