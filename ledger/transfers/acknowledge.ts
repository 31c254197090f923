import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Notes that a person has seen why a transfer has attention: it stays marked, and is no longer an alarm until it gets attention again.
 * For an operator's login, the owner. Returns the reason; null when there is no such transfer or it has no attention.
 */
export const acknowledgeAttention = (
  pool: pg.Pool,
  { transferId, actor, why }: { transferId: string; actor: string; why: string },
): Promise<string | null> =>
  call(pool, 'select ledger.acknowledge_attention($1, $2, $3) as answer', [transferId, actor, why]);
