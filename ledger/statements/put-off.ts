import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/**
 * A statement that could not be made now. `reason`: a code of at most 200 characters, never a text of somebody else's. `isHopeless`: no try
 * will change anything.
 */
export type PutOffStatement = { id: Uuid; lease: string; reason: string; inMs: number; isHopeless?: boolean };

/**
 * Gives a statement back, to be taken again in `inMs`, at most a day. From its fifth try on a person should look, and at once when it is
 * hopeless; it is tried again all the same. A lease that was lost changes nothing: `tries` is then what the row says. Rules:
 * `ledger.put_off_statement`.
 */
export async function putOffStatement(
  pool: pg.Pool,
  { id, lease, reason, inMs, isHopeless = false }: PutOffStatement,
): Promise<{ tries: number; isAttention: boolean }> {
  const answer = await call<{ tries: number; is_attention: boolean }>(
    pool,
    'select ledger.put_off_statement($1, $2, $3, $4, $5) as answer',
    [id, lease, reason, inMs, isHopeless],
  );
  return { tries: answer.tries, isAttention: answer.is_attention };
}
