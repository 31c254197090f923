import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';
import { type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** An object that was put. `part`: 0 for the whole or the manifest, else from 1; `sha256` in hex; `retainUntil` RFC 3339. */
export type StoredObjectRow = {
  format: 'json' | 'pdf';
  part: number;
  key: string;
  versionId: string;
  sha256: string;
  bytes: number;
  mode: 'compliance' | 'governance';
  retainUntil: string;
};

/** A statement whose objects are all put. `renderer`: what made its PDF, with versions. */
export type MadeStatement = {
  id: Uuid;
  lease: string;
  documentSha256: string;
  renderer: string;
  objects: StoredObjectRow[];
};

/**
 * Makes a statement ready, with its event and its notices, in one commit. `again`: it is so already, with the same objects; `conflict`: with others, and
 * nothing was written; `lost_lease`: somebody else may be making it. Rules: `ledger.store_statement`.
 */
export async function storeStatement(
  pool: pg.Pool,
  { id, lease, documentSha256, renderer, objects }: MadeStatement,
  onCommit: OnCommit,
): Promise<'stored' | 'again' | 'lost_lease' | 'conflict'> {
  const answer = await call<{ status: 'stored' | 'again' | 'lost_lease' | 'conflict'; endpoints: string[] }>(
    pool,
    'select ledger.store_statement($1, $2, $3, $4, $5) as answer',
    [id, lease, documentSha256, renderer, JSON.stringify(objects.map(toRow))],
  );
  await onCommit(toCommitEffects({ balances: [], endpoints: answer.endpoints }));
  return answer.status;
}

const toRow = ({ versionId, retainUntil, ...object }: StoredObjectRow) => ({
  ...object,
  version_id: versionId,
  retain_until: retainUntil,
});
