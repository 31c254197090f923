import type { Reader } from '../drizzle/client.ts';
import { createGate, type GateLimits } from './gate.ts';

const readLimits: GateLimits = {
  // Reads side by side: as many as their pool has connections.
  most: 8,
  // Reads that wait for one of those; the next is refused.
  waitingMost: 500,
};

/** Bounds reads, so that a missing cache slows readers and never drowns Postgres. */
export function gateReads(reader: Reader, limits: GateLimits = readLimits): Reader {
  const gated = createGate('reads', limits);
  return {
    read: (tenantId, query) => gated(() => reader.read(tenantId, query)),
    readAll: (query) => gated(() => reader.readAll(query)),
  };
}
