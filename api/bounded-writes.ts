import { createFairSemaphore } from '../concurrency/fair-semaphore.ts';
import { Overload } from '../concurrency/overload.ts';

/** Whose write it is, and the thing whose rows it locks. */
export type WriteOwner = { tenantId: string; id: string };

/** Runs a write within limits. Throws an {@link Overload} when it had no place in time: it was not sent. */
export type BoundedWrites = <T>(owner: WriteOwner, write: () => Promise<T>) => Promise<T>;

export type WriteLimits = { runningMax: number; waitingMax: number; waitMs: number };

const writeLimits: WriteLimits = {
  // Concurrent writes, each on a connection: half of their pool, the batched verbs have the other half.
  // One thing holds at most half of them, and one tenant all but one.
  runningMax: 6,
  // Writes that wait for one of those; the next is refused. One tenant's are at most three quarters of them.
  waitingMax: 500,
  // How long a write waits: four lock timeouts.
  waitMs: 2_000,
};

/**
 * Shares the connections of the writers out, so that writes which wait for a lock delay only those of the same thing. Tenants are
 * served in turn, of each its things in turn.
 */
export function createBoundedWrites(limits: WriteLimits = writeLimits): BoundedWrites {
  const permits = createFairSemaphore(limits.runningMax, limits.waitingMax);
  return async ({ tenantId, id }, write) => {
    // What makes others wait is the thing that is locked.
    const owner = { tenantId, part: id };
    const isGranted = permits.tryAcquire(owner) || (await permits.acquire(owner, AbortSignal.timeout(limits.waitMs)));
    if (!isGranted) throw new Overload('too many writes wait for the database already');
    try {
      return await write();
    } finally {
      permits.release(owner);
    }
  };
}
