import { createFairSemaphore } from '../concurrency/fair-semaphore.ts';
import { Overload } from '../concurrency/overload.ts';
import type { Reader } from '../drizzle/client.ts';

const readLimits = {
  // Concurrent reads: as many as their pool has connections. One tenant holds at most three quarters of them.
  runningMax: 8,
  // Reads that wait for one of those; the next is refused. One tenant's are at most three quarters of them.
  waitingMax: 500,
};

/** No read is given up while it waits: its request has a time limit of its own. */
const never = new AbortController().signal;

/**
 * The same reader within limits, so that a missing cache slows readers and never overloads Postgres. Tenants are served in turn,
 * and none takes all connections or all places from the others, however slow its reads are. Throws an {@link Overload} when
 * too many wait already.
 */
export function createBoundedReader(reader: Reader, limits = readLimits): Reader {
  const permits = createFairSemaphore(limits.runningMax, limits.waitingMax);
  let reads = 0;
  const bounded = async <T>(tenantId: string, work: () => Promise<T>): Promise<T> => {
    reads += 1;
    // A part of its own, so that it is limited by its tenant alone.
    const owner = { tenantId, part: `read ${reads}` };
    if (!(await permits.acquire(owner, never))) throw new Overload('too many reads wait for the database already');
    try {
      return await work();
    } finally {
      permits.release(owner);
    }
  };
  return {
    read: (tenantId, query) => bounded(tenantId, () => reader.read(tenantId, query)),
    readAll: (query) => bounded('platform', () => reader.readAll(query)),
  };
}
