import pLimit from 'p-limit';

/** How many run side by side, and how many may wait for their turn. */
export type GateLimits = { most: number; waitingMost: number };

/** Thrown to whoever comes when too many wait already: refused at once, so that nobody's queue grows of dead requests. */
class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** Runs work of one kind within limits, first come first served. `of` names the kind for the log. */
export function createGate(of: string, { most, waitingMost }: GateLimits): <T>(work: () => Promise<T>) => Promise<T> {
  const limit = pLimit(most);
  return (work) =>
    limit.pendingCount >= waitingMost
      ? Promise.reject(new Overloaded(`${waitingMost} ${of} wait for the database already`))
      : limit(work);
}
