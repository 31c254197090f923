import type pg from 'pg';
import type { RailName } from '../../domain/rail.ts';
import { call } from '../call.ts';

/** What a dispatcher took for its next group; `probe` when the breaker is open and this one row tries the rail. */
export type Taken = {
  ids: string[];
  probe: boolean;
  /** Milliseconds until the next row falls due; null when none waits. May be negative or 0: look again at once. */
  waitMs: number | null;
};

/** Takes up to `limit` (1 to 500) due rows of a rail for group `carrier`. They fall due again when the lease ends. Rules: ledger.take_due. */
export async function takeDue(
  pool: pg.Pool,
  { rail, carrier, limit, leaseMs }: { rail: RailName; carrier: string; limit: number; leaseMs: number },
): Promise<Taken> {
  const row = await call<{ ids: string[]; probe: boolean; wait_ms: number | null }>(
    pool,
    'select ledger.take_due($1, $2, $3, $4) as answer',
    [rail, carrier, limit, leaseMs],
  );
  return { ids: row.ids, probe: row.probe, waitMs: row.wait_ms };
}
