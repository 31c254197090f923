import pLimit from 'p-limit';
import type { Reader } from '../drizzle/client.ts';

/** Thrown when too many reads wait: the client hears `unavailable`, and the pool never grows a queue of dead requests. */
class ReadsOverloaded extends Error {
  override readonly name = 'ReadsOverloaded';
}

/** Lets so many reads run side by side and so many wait, so that a missing cache slows readers and never drowns Postgres. */
export function gateReads(reader: Reader, { most, waitingMost }: { most: number; waitingMost: number }): Reader {
  const limit = pLimit(most);
  const gated = <T>(read: () => Promise<T>): Promise<T> =>
    limit.pendingCount >= waitingMost
      ? Promise.reject(new ReadsOverloaded(`more than ${waitingMost} reads wait for the database`))
      : limit(read);
  return {
    read: (tenantId, query) => gated(() => reader.read(tenantId, query)),
    readAll: (query) => gated(() => reader.readAll(query)),
  };
}
