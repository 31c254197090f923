import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** What the store has of a segment. `sha256` in hex. */
export type ArchiveObject = { key: string; versionId: string; sha256: string; bytes: number };

/** A segment that is in the store as a whole. Hashes in hex; `tree`: the one that its manifest was added to, with it. */
export type FinishedSegment = {
  n: number;
  epoch: number;
  records: number;
  root: string;
  tree: { size: number; hashes: string[] };
  checkpointText: string;
  /** Null where nothing was to be recorded. */
  segment: ArchiveObject | null;
  slices: ArchiveObject | null;
  manifest: ArchiveObject;
  checkpoint: ArchiveObject;
  /** The slice of each tenant; null is the platform. */
  tenants: { tenantId: Uuid | null; sha256: string; records: number }[];
};

/**
 * Records a finished segment. `again`: it is so already, with the same manifest; `conflict`: with another, or its epoch has ended meanwhile, and
 * nothing was written. Rules: `ledger.finish_archive_segment`.
 */
export async function finishArchiveSegment(
  pool: pg.Pool,
  { tree, checkpointText, segment, slices, manifest, checkpoint, tenants, ...facts }: FinishedSegment,
): Promise<'finished' | 'again' | 'conflict'> {
  const objects = Object.entries({ segment, slices, manifest, checkpoint }).flatMap(([format, object]) =>
    object ? [{ format, ...withVersion(object) }] : [],
  );
  return await call(pool, 'select ledger.finish_archive_segment($1) as answer', [
    JSON.stringify({
      ...{ ...facts, tree, checkpoint: checkpointText, manifest_sha256: manifest.sha256, objects },
      tenants: tenants.map(({ tenantId, ...slice }) => ({ tenant_id: tenantId, ...slice })),
    }),
  ]);
}

const withVersion = ({ versionId, ...object }: ArchiveObject) => ({ ...object, version_id: versionId });
