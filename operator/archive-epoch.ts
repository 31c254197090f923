import type pg from 'pg';
import { objectKeysOf } from '../archive/object-keys.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { type AbandonedSegments, beginArchiveEpoch } from '../ledger/archive/begin-epoch.ts';
import type { ObjectStore, ObjectVersion } from '../storage/port.ts';
import { withStore } from './archive-store.ts';
import { actor, asOwner } from './owner.ts';

/** In characters, as the ledger takes it. */
const reasonMax = 500;

/**
 * Begins another epoch of the archive, and names in it what the store has of the one that ends and this database does not know: those segments
 * stay where they are, and the first manifest of the new epoch says so for good. Prints what it did.
 */
export async function beginEpoch(reason: string): Promise<void> {
  if (reason.length === 0 || reason.length > reasonMax)
    throw new ExplainedError(`--reason must be a text of 1 to ${reasonMax} characters.`);
  await withStore((store) =>
    asOwner(async (pool) => {
      const last = await lastOf(pool);
      const abandoned = await segmentsBehind(store, last);
      const { epoch } = await beginArchiveEpoch(pool, { abandoned, reason, actor });
      const what = abandoned
        ? `segments ${abandoned.fromN} to ${abandoned.toN} of epoch ${last.epoch} are abandoned`
        : `the store has no segment of epoch ${last.epoch} that this database does not know`;
      process.stdout.write(`epoch ${epoch} begins behind segment ${last.n}; ${what}\n`);
    }),
  );
}

/** The epoch that ends, and the last segment that this database knows. */
type Last = { epoch: number; n: number };

async function lastOf(pool: pg.Pool): Promise<Last> {
  const { rows } = await pool.query<Last>(
    `select epoch, coalesce((select max(n) from ledger.archive_segment where status = 'finished'), 0)::int as n
     from ledger.archive_epoch order by epoch desc limit 1`,
  );
  const [last] = rows;
  if (!last) throw new ExplainedError('This database has no archive: run `npm run migrate`.');
  return last;
}

/** What was signed behind the last segment, or null when nothing was. Segments follow each other without a gap. */
async function segmentsBehind(store: ObjectStore, { epoch, n }: Last): Promise<AbandonedSegments | null> {
  let newest: { n: number; at: ObjectVersion } | null = null;
  for (let next = n + 1; ; next += 1) {
    const key = objectKeysOf({ epoch, n: next }).checkpoint;
    const { versions } = await store.versions({ area: 'audit', prefix: key });
    const at = versions.findLast((version) => version.key === key && !version.isMarker);
    if (!at) break;
    newest = { n: next, at };
  }
  return newest && { fromN: n + 1, toN: newest.n, checkpoint: await textOf(store, newest.at) };
}

async function textOf(store: ObjectStore, { area, key, versionId }: ObjectVersion): Promise<string> {
  const at = { area, key, versionId };
  const head = await store.head(at);
  const sha256 = head.ok ? head.value.sha256 : null;
  const read = sha256 === null ? null : await store.read({ ...at, sha256 });
  if (!read?.ok) throw new ExplainedError(`${key} cannot be read from the store.`);
  return Buffer.from(read.value).toString();
}
