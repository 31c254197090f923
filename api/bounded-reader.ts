import { type BulkheadLimits, createBulkhead } from '../concurrency/bulkhead.ts';
import type { Reader } from '../drizzle/client.ts';

const readLimits: BulkheadLimits = {
  // Concurrent reads: as many as their pool has connections.
  runningMax: 8,
  // Reads that wait for one of those; the next is refused.
  waitingMax: 500,
};

/** The same reader within limits, so that a missing cache slows readers and never overloads Postgres. */
export function createBoundedReader(reader: Reader, limits: BulkheadLimits = readLimits): Reader {
  const bounded = createBulkhead('reads', limits);
  return {
    read: (tenantId, query) => bounded(() => reader.read(tenantId, query)),
    readAll: (query) => bounded(() => reader.readAll(query)),
  };
}
