import type pg from 'pg';
import type { Reader } from '../../drizzle/client.ts';

/**
 * A question of a tenant, or of a worker, on the size book. `max`: blocks that all its statements may visit. What the filters of a
 * list cost is in lists.ts.
 */
export type ReadCase = {
  what: string;
  role: 'api' | 'worker';
  max: number;
  run: (by: { reader: Reader; pool: pg.Pool }) => Promise<unknown>;
};
