import { objectKeysOf } from '../../archive/object-keys.ts';
import type { Result } from '../../domain/result.ts';
import type { BegunSegment } from '../../ledger/archive/begin-segment.ts';
import { type RetentionSettings, retentionFrom } from '../../storage/retention.ts';
import { type ArchivePut, type ArchiveRefusal, type ArchiveStore, putOnce, type StoredBytes } from './put.ts';

/** What a segment has in the store, and as which media type. */
const types = {
  segment: 'application/gzip',
  slices: 'application/json',
  manifest: 'application/json',
  checkpoint: 'text/plain; charset=utf-8',
} as const;

/** Puts an object of one segment under its key, once ({@link putOnce}). */
export type Putter = (
  what: keyof typeof types,
  content: Uint8Array | string,
  isSame: ArchivePut['isSame'],
) => Promise<Result<StoredBytes, ArchiveRefusal>>;

/** Its objects are kept from the begin of the segment on, so that every try asks for the same. `signal`: nothing more is put. */
export function putterOf(
  begun: BegunSegment,
  { store, retention: settings, signal }: { store: ArchiveStore; retention: RetentionSettings; signal: AbortSignal },
): Putter {
  const keys = objectKeysOf(begun);
  const retention = retentionFrom(new Date(begun.begunAt), settings);
  return async (what, content, isSame) => {
    signal.throwIfAborted();
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return await putOnce(store, { key: keys[what], bytes, type: types[what], retention, isSame });
  };
}
