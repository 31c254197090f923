import type { Ledger } from '../../ledger/index.ts';
import type { ArchiveNextResult } from '../../workflows/contract/steps.ts';
import type { Waits } from '../../workflows/contract/waits.ts';

export type NotedRunDeps = {
  ledger: Pick<Ledger, 'noteRun'>;
  /** This worker's own. */
  waits: Pick<Waits, 'archiveEveryMs'>;
};

/**
 * The same step, which notes each time that it has come to its end, so that every process misses it when nobody archives. What kept it from
 * archiving anything, as a missing key, has an alarm of its own.
 */
export const withNotedRun =
  ({ ledger, waits }: NotedRunDeps, archive: () => Promise<ArchiveNextResult>) =>
  async (): Promise<ArchiveNextResult> => {
    const made = await archive();
    await ledger.noteRun({ name: 'archive', gapMs: 3 * waits.archiveEveryMs });
    return made;
  };
