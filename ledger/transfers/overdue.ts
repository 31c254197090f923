import type pg from 'pg';
import type { RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';

/** A transfer whose next step is later than it should be. */
export type Overdue = { transferId: string; state: TransferState; rail: RailName };

/**
 * Transfers whose next step is overdue by more than the grace, at most `limit` (500) of each state, in another order at each
 * look. `scheduled` ones only where their rail's dispatcher takes nothing although it could. Rules: ledger.overdue.
 */
export async function overdue(
  pool: pg.Pool,
  { graceMs, limit }: { graceMs: number; limit: number },
): Promise<Overdue[]> {
  const rows = await call<{ transfer_id: string; state: TransferState; rail: RailName }[]>(
    pool,
    'select ledger.overdue($1, $2) as answer',
    [graceMs, limit],
  );
  return rows.map(({ transfer_id, state, rail }) => ({ transferId: transfer_id, state, rail }));
}
