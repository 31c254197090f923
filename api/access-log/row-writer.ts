import { setTimeout as sleep } from 'node:timers/promises';

/** Writes rows that were counted, one call of the ledger at a time. */
export type RowWriter = {
  /** Writes what one call takes. Once at a time; never throws. */
  write(): Promise<void>;
  /** Writes everything, or tries until `withinMs` are over. Returns how many rows the call has that could not be made: 0, when nothing is left. */
  writeAll(withinMs: number): Promise<number>;
};

export type RowWriterDeps<Row> = {
  /** What one call takes, of what was counted; `all`: also what would wait for the end of its minute. */
  take: (all: boolean) => readonly Row[];
  /** The ledger's verb: a row that it has already stays as it is. */
  write: (rows: readonly Row[]) => Promise<unknown>;
  /** Called after each call: how long its rows could not be written, in milliseconds; 0 when they were. */
  onWritten: (lateMs: number) => void;
  onError: (error: unknown, rows: number, lateMs: number) => void;
};

/** The wait before what was not written is tried again at the end of a process. */
const pauseMs = 250;

/**
 * Rows leave the counts with their ids and are kept until the database has them: a call that failed may have been committed, so the same rows
 * are sent again, and nothing else before. What comes meanwhile is counted, so however long it takes, no more than that is kept.
 */
export function createRowWriter<Row>({ take, write, onWritten, onError }: RowWriterDeps<Row>): RowWriter {
  let kept: readonly Row[] = [];
  let lateSinceMs: number | null = null;
  let writing: Promise<Outcome> | null = null;

  const writeSome = async (all: boolean): Promise<Outcome> => {
    if (kept.length === 0) kept = take(all);
    if (kept.length === 0) return 'nothing';
    try {
      await write(kept);
    } catch (error) {
      lateSinceMs ??= performance.now();
      const lateMs = performance.now() - lateSinceMs;
      onWritten(lateMs);
      onError(error, kept.length, lateMs);
      return 'failed';
    }
    kept = [];
    lateSinceMs = null;
    onWritten(0);
    return 'written';
  };
  const begin = (all: boolean): Promise<Outcome> =>
    (writing ??= writeSome(all).finally(() => {
      writing = null;
    }));

  return {
    write: async () => void (await begin(false)),
    writeAll: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      for (;;) {
        // What somebody else began may not take all.
        while (writing) await writing;
        const outcome = await begin(true);
        if (outcome === 'nothing') return 0;
        if (outcome === 'failed' && performance.now() >= deadline) return kept.length;
        if (outcome === 'failed') await sleep(pauseMs);
      }
    },
  };
}

type Outcome = 'written' | 'nothing' | 'failed';
