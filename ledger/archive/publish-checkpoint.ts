import type pg from 'pg';
import { call } from '../call.ts';
import { type OnCommit, toCommitEffects } from '../commit-effects.ts';

/**
 * Publishes the newest checkpoint to the next tenants, at most `tenantsMax` (500), with an event and its notices for each, in one commit. Returns
 * how many, and of which segment it is; null when nothing is to be published now. Called again until then, it comes to all of them, and to none twice.
 * Rules: `ledger.publish_checkpoint`.
 */
export async function publishCheckpoint(
  pool: pg.Pool,
  tenantsMax: number,
  onCommit: OnCommit,
): Promise<{ n: number; tenants: number } | null> {
  const answer = await call<Answer>(pool, 'select ledger.publish_checkpoint($1) as answer', [tenantsMax]);
  if (answer.status === 'nothing') return null;
  await onCommit(toCommitEffects({ balances: [], endpoints: answer.endpoints }));
  return { n: answer.n, tenants: answer.tenants };
}

type Answer = { status: 'nothing' } | { status: 'published'; n: number; tenants: number; endpoints: string[] };
