import type pg from 'pg';
import { call } from '../call.ts';

/** What an operator does with a version of the workers. */
export type VersionAct = 'ramped' | 'made_current' | 'rolled_back' | 'removed';

/** Keeps in the audit log what an operator did with a version of the workers. For an operator's login, the owner. */
export async function noteVersionAct(
  pool: pg.Pool,
  { actor, act, build, detail }: { actor: string; act: VersionAct; build: string; detail: object },
): Promise<void> {
  const values = [actor, act, build, JSON.stringify(detail)];
  await call(pool, 'select ledger.note_version_act($1, $2, $3, $4)::text as answer', values);
}
