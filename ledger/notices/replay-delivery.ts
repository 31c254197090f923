import type pg from 'pg';
import { call } from '../call.ts';

/** What a replay did: how many notices became due again, and whether anything is sent to their endpoint now. */
export type Replay = { replayed: number; endpointStatus: 'enabled' | 'disabled' };

/**
 * Makes the notice of one delivery due again, whatever became of it. `replayed` is 0 when it is due already. Null when there is
 * no such delivery, or its endpoint was deleted. For an operator's login, the owner.
 */
export async function replayDelivery(
  pool: pg.Pool,
  { deliveryId, actor }: { deliveryId: string; actor: string },
): Promise<Replay | null> {
  const text = 'select ledger.replay_delivery($1, $2) as answer';
  const row = await call<{ replayed: boolean; endpoint_status: Replay['endpointStatus'] } | null>(pool, text, [
    deliveryId,
    actor,
  ]);
  return row && { replayed: row.replayed ? 1 : 0, endpointStatus: row.endpoint_status };
}
