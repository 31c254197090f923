import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { ArchivingInput, ArchivingResult } from '../contract/messages.ts';
import { waitsOf } from '../contract/waits.ts';

type Archiving = (input: ArchivingInput) => Promise<ArchivingResult>;

/**
 * Puts what was committed into the archive, segment by segment, until nothing more is there, and once a day the newest checkpoint out of our
 * reach: into the second store, and to every tenant. Schedule `archive` runs it; one at a time. What there is to archive, and which segment is begun, is a question to the
 * ledger: after an outage of weeks the next run goes on where the last one was.
 */
export async function archiving(input: ArchivingInput): Promise<ArchivingResult> {
  const steps = stepsFor(waitsOf(input));
  let [segments, records] = [0, 0];
  for (;;) {
    const made = await steps.archiveNext();
    segments += made.segments;
    records += made.records;
    if (!made.isMore) break;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<Archiving>(input);
  }
  const copy = await steps.copyCheckpoint();
  const { tenants } = await steps.publishCheckpoint();
  return { segments, records, copied: copy.status === 'copied' ? copy.n : null, published: tenants };
}
