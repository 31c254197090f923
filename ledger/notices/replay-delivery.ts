import type pg from 'pg';
import { call } from '../call.ts';

/** What a replay did: whether the notice became due again, and whether anything is sent to its endpoint now. */
export type Replay = { isReplayed: boolean; endpointStatus: 'enabled' | 'disabled' };

/**
 * Makes the notice of one delivery due again, whatever became of it. `isReplayed` is false when it is due already. Null when there is
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
  return row && { isReplayed: row.replayed, endpointStatus: row.endpoint_status };
}
