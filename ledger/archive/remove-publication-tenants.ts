import type pg from 'pg';
import { call } from '../call.ts';
import type { RemovedRecords } from './remove-records.ts';

/**
 * Removes who was told the checkpoint of the oldest day that all tenants have for `days` (at least 1), `rows` at most (at most 10,000). The day stays,
 * and so do its events.
 */
export async function removePublicationTenants(
  pool: pg.Pool,
  { days, rows }: { days: number; rows: number },
): Promise<RemovedRecords> {
  const { removed, is_more: isMore } = await call<{ removed: number; is_more: boolean }>(
    pool,
    'select ledger.remove_publication_tenants($1, $2) as answer',
    [days, rows],
  );
  return { removed, isMore };
}
