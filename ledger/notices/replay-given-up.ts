import type pg from 'pg';
import { call } from '../call.ts';
import type { Replay } from './replay-delivery.ts';

/**
 * Makes at most `limit` (1,000) notices of an endpoint due again that were given up and not delivered since. Null when there is
 * no such endpoint. For an operator's login, the owner.
 */
export async function replayGivenUp(
  pool: pg.Pool,
  { endpointId, limit, actor }: { endpointId: string; limit: number; actor: string },
): Promise<Replay | null> {
  const text = 'select ledger.replay_given_up($1, $2, $3) as answer';
  const row = await call<{ replayed: number; endpoint_status: Replay['endpointStatus'] } | null>(pool, text, [
    endpointId,
    limit,
    actor,
  ]);
  return row && { replayed: row.replayed, endpointStatus: row.endpoint_status };
}
