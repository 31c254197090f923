import { beginArchiveSegment } from '../../ledger/archive/begin-segment.ts';
import type { ArchiveNextResult } from '../../workflows/contract/steps.ts';
import { archiveOne } from './archive-one.ts';
import type { ArchiveDeps } from './deps.ts';
import { archiveTerms } from './terms.ts';

/**
 * Makes segments until nothing is left, or as many as one step makes. A segment that cannot be made raises an alarm and stops the archive where it
 * is: nothing is recorded behind a gap.
 */
export async function archiveRound(deps: ArchiveDeps, signal: AbortSignal): Promise<ArchiveNextResult> {
  const { pool, open, alarms, terms = archiveTerms, ...settings } = deps;
  const { segmentsMax, recordsMax, emptyAfterMs, pageRows } = terms;
  const made = { segments: 0, records: 0 };
  const end = (waitMs: number | null): ArchiveNextResult => ({ ...made, isMore: false, waitMs });
  if (open === null) {
    alarms.raise('archive_tools_missing');
    return end(null);
  }
  while (made.segments < segmentsMax) {
    signal.throwIfAborted();
    const begun = await beginArchiveSegment(pool, { recordsMax, emptyAfterMs });
    if (begun.status === 'nothing') return end(begun.waitMs);
    if (begun.status === 'refused') {
      alarms.raise('archive_horizon_behind');
      return end(null);
    }
    const tools = await open();
    const archived = await archiveOne(begun.segment, { ...settings, ...tools, pool, signal, pageRows });
    if (!archived.ok) {
      const { n: segment, epoch } = begun.segment;
      alarms.raise('archive_other_history', { ...archived.refusal, segment, epoch });
      return end(null);
    }
    made.segments += 1;
    made.records += archived.value.records;
    // What is committed meanwhile is the next round's: a segment for each commit would be many small ones.
    if (!begun.isMore) return end(emptyAfterMs);
  }
  return { ...made, isMore: true, waitMs: 0 };
}
