import { ok, type Result } from '../../domain/result.ts';
import type { ArchiveObject } from '../../ledger/archive/finish-segment.ts';
import type { ObjectStore, Retention } from '../../storage/port.ts';
import { sha256Of } from '../../storage/sha256.ts';

/** The part of an object store that the archive needs. */
export type ArchiveStore = Pick<ObjectStore, 'put' | 'read'>;

/**
 * Why a segment is not finished, however often it is tried. `other_history`: other bytes are under `key`; `finished_otherwise`: the ledger has
 * it with another manifest, or has begun another epoch meanwhile; `retention_over`: its objects would be deletable at once.
 */
export type ArchiveRefusal = { code: 'other_history' | 'finished_otherwise' | 'retention_over'; key: string };

/** What is put. `isSame`: whether bytes that another build of this program put under its key say the same. */
export type ArchivePut = {
  key: string;
  bytes: Uint8Array;
  type: string;
  retention: Retention;
  isSame: (there: Uint8Array) => boolean | Promise<boolean>;
};

/** What is in the store, with its bytes, which may be those of another try. */
export type StoredBytes = { object: ArchiveObject; bytes: Uint8Array };

const area = 'audit';

/**
 * Puts an object of the archive, once. Bytes that say the same and are there already stay, and are what counts: a worker of another build may
 * have died after it put them. Anything else in its place is another history, and nothing is put over it.
 */
export async function putOnce(
  store: ArchiveStore,
  { isSame, ...object }: ArchivePut,
): Promise<Result<StoredBytes, ArchiveRefusal>> {
  const { key } = object;
  const put = await store.put({ ...object, area, sha256: sha256Of(object.bytes) });
  if (put.ok) return ok(stored(object, put.value));
  if (put.refusal.code === 'retention_over') return refused(put.refusal.code, key);
  const { versionId, sha256 } = put.refusal;
  const there = sha256 === null ? null : await store.read({ area, key, versionId, sha256 });
  if (sha256 === null || !there?.ok || !(await isSame(there.value))) return refused('other_history', key);
  // Put again for its lock, which may have been for less time.
  const kept = { ...object, bytes: there.value };
  const again = await store.put({ ...kept, area, sha256 });
  return again.ok ? ok(stored(kept, again.value)) : refused('other_history', key);
}

const stored = (
  { key, bytes }: Pick<ArchivePut, 'key' | 'bytes'>,
  { versionId }: { versionId: string },
): StoredBytes => ({ object: { key, versionId, sha256: sha256Of(bytes), bytes: bytes.length }, bytes });

const refused = (code: ArchiveRefusal['code'], key: string): { ok: false; refusal: ArchiveRefusal } => ({
  ok: false,
  refusal: { code, key },
});
