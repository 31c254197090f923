import type pg from 'pg';
import { atomically } from './atomically.ts';
import { createObjects, recreateChangedTypes } from './create.ts';
import { callable, refuseOtherSignatures } from './signatures.ts';
import { signatureOf } from './statements.ts';
import type { Source } from './tree.ts';

/** How many months of partitions a migrated database has ahead of this one. The worker's housekeeping makes more. */
const monthsAhead = 3;

/**
 * Brings the functions, types and trigger bindings of a database to those of the tree, in one transaction: every source whose
 * hash differs from the recorded one, and every source that needs one of those. Types and functions come first, in the order
 * of their needs, then trigger bindings, then rights. Nothing is taken away here, so that programs of the last release go on;
 * `contract` does that later. Returns the paths that were applied. Throws a sentence when a change would break those programs;
 * with `contracting` none of them runs longer, and a function may change its signature.
 */
export function applySources(
  client: pg.Client,
  sources: Source[],
  { contracting }: { contracting: boolean },
): Promise<string[]> {
  return atomically(client, async () => {
    const stale = await staleSources(client, sources);
    await recreateChangedTypes(client, { sources, stale });
    for (const source of stale) await createObjects(client, source, stale);
    if (!contracting) await refuseOtherSignatures(client, stale);
    for (const { sql } of stale.flatMap(triggers)) await client.query(sql);
    for (const source of stale) await own(client, source);
    for (const source of stale) await record(client, source);
    await client.query('select ledger.make_partitions($1)', [monthsAhead]);
    return stale.map(({ path }) => path);
  });
}

/** Sources that are new or changed, and those that need one of them, directly or not. */
async function staleSources(client: pg.Client, sources: Source[]): Promise<Source[]> {
  const { rows } = await client.query<{ path: string; hash: string }>('select path, hash from ledger.source');
  const recorded = new Map(rows.map(({ path, hash }) => [path, hash]));
  const stale = new Set<string>();
  for (const { path, hash, needs } of sources) {
    if (recorded.get(path) !== hash || needs.some((need) => stale.has(need))) stale.add(path);
  }
  return sources.filter(({ path }) => stale.has(path));
}

const triggers = ({ statements }: Source) => statements.filter(({ kind }) => kind === 'trigger');

/** Everything is the owner's, and a function is run by those alone whom its source names. */
async function own(client: pg.Client, { execute, statements }: Source): Promise<void> {
  for (const statement of statements) {
    if (statement.kind === 'type') await client.query(`alter type ledger.${statement.name} owner to quittance_owner`);
    if (statement.kind !== 'function') continue;
    const name = signatureOf(statement);
    await client.query(`alter function ${name} owner to quittance_owner`);
    await client.query(`revoke all on function ${name} from public`);
    if (execute.length > 0) await client.query(`grant execute on function ${name} to ${execute.join(', ')}`);
  }
}

async function record(client: pg.Client, source: Source): Promise<void> {
  await client.query(
    `insert into ledger.source (path, hash, functions) values ($1, $2, $3)
     on conflict (path) do update set hash = excluded.hash, functions = excluded.functions, applied_at = now()`,
    [source.path, source.hash, await callable(client, source)],
  );
}
