import type pg from 'pg';
import type { Log } from '../../config/log.ts';
import { noteArchiveCopy } from '../../ledger/archive/note-copy.ts';
import { readCopyState, type StoredCheckpoint } from '../../ledger/worker-reads/archive-copy.ts';
import { StorageFault } from '../../storage/fault.ts';
import type { ObjectStore } from '../../storage/port.ts';
import { type RetentionSettings, retentionFrom } from '../../storage/retention.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { CopyCheckpointResult } from '../../workflows/contract/steps.ts';

export type CopyCheckpointDeps = {
  pool: pg.Pool;
  /** Called when the first copy is due, and opens once. Null: there is no second store. */
  openCopy: (() => Pick<ObjectStore, 'put'>) | null;
  retention: RetentionSettings;
  alarms: Alarms;
  log: Pick<Log, 'warn'>;
};

const copyLimits = {
  // A day is what can be lost of the proof, where who writes the archive is not to be trusted.
  everyMs: 86_400_000,
  // Two hours of tries, one with each run.
  lateMs: 93_600_000,
} as const;

/**
 * Puts the newest checkpoint into the second store, at most once a day. With it the history that was shown then cannot be replaced, neither by
 * who may write to the first store nor by who has our key. A second store that does not take it keeps nobody from archiving: the next run tries
 * again, and it is an alarm when no copy was made for 26 hours.
 */
export const copyCheckpoint = (deps: CopyCheckpointDeps) => async (): Promise<CopyCheckpointResult> => {
  const { pool, openCopy, alarms, log } = deps;
  if (openCopy === null) return { status: 'nothing' };
  const { newest, copiedMs, waitingMs } = await readCopyState(pool);
  if (newest === null || (copiedMs !== null && copiedMs < copyLimits.everyMs)) return { status: 'nothing' };
  const { n } = newest;
  const code = await put(newest, openCopy(), deps);
  if (code === null) {
    await noteArchiveCopy(pool, n);
    return { status: 'copied', n };
  }
  log.warn({ n, code }, 'a checkpoint could not be put into the second store');
  if (waitingMs > copyLimits.lateMs) alarms.raise('archive_copy_late', { code, waitingMs });
  return { status: 'failed', code };
};

/** Puts it, once, and answers null; or why it is not there. Other bytes in its place are another history, shown under our name. */
async function put(
  { n, epoch, key, text, sha256, finishedAt }: StoredCheckpoint,
  store: Pick<ObjectStore, 'put'>,
  { retention: settings, alarms }: Pick<CopyCheckpointDeps, 'retention' | 'alarms'>,
): Promise<string | null> {
  const object = { area: 'audit', key, bytes: Buffer.from(text), sha256, type: 'text/plain; charset=utf-8' } as const;
  try {
    const stored = await store.put({ ...object, retention: retentionFrom(new Date(finishedAt), settings) });
    if (stored.ok) return null;
    const { code } = stored.refusal;
    const facts = { code: 'other_history', key, segment: n, epoch, store: 'copy' };
    if (code === 'conflict') alarms.raise('archive_other_history', facts, 'copy');
    return code;
  } catch (error) {
    if (!(error instanceof StorageFault)) throw error;
    return error.code;
  }
}
