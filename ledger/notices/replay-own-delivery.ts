import type pg from 'pg';
import { call } from '../call.ts';
import type { Replay } from './replay-delivery.ts';

/** Makes the notice of a delivery of this endpoint and tenant due again. Null when there is no such delivery. */
export async function replayOwnDelivery(
  pool: pg.Pool,
  { id, endpointId, tenantId, actor }: { id: string; endpointId: string; tenantId: string; actor: string },
): Promise<Replay | null> {
  const row = await call<{ replayed: boolean; endpoint_status: Replay['endpointStatus'] } | null>(
    pool,
    'select ledger.replay_own_delivery($1, $2, $3, $4) as answer',
    [id, endpointId, tenantId, actor],
  );
  return row && { isReplayed: row.replayed, endpointStatus: row.endpoint_status };
}
