import { continueAsNew, setCurrentDetails, sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { InquiryInput, InquiryResult } from '../contract/messages.ts';
import { searchAttributes } from '../contract/names.ts';
import type { InquireResult } from '../contract/steps.ts';
import { changedWaits, waitsOf } from '../contract/waits.ts';
import { toWords } from '../words.ts';

/** How many lines of its story an inquiry shows; the oldest go first. */
const storyLinesMax = 30;

/**
 * Inquires about one transfer whose outcome is unknown: bytes went to a rail, no decisive answer came, funds are held.
 *
 *   1. inquire   asks the rail, writes its answer to the ledger, and learns how long to wait before it asks again
 *   2. wait      that long
 *
 * until the row is no longer `unknown`. There is no other end: no answer is no proof, and entry by hand comes later.
 *
 * | the row is now       | because                                                                     |
 * | completed · rejected | the rail proved it                                                          |
 * | scheduled            | the rail never took it: it is sent again when it is due, under the same key |
 *
 * After the rail's limit the ledger raises attention, and this goes on asking. It decides nothing: the row is the truth.
 */
export async function inquiry(input: InquiryInput): Promise<InquiryResult> {
  const { transferId, rail, story = [] } = input;
  let waits = waitsOf(input);

  for (let lines = story, n = 1; ; n += 1) {
    const { inquire } = stepsFor(waits, rail);
    const found = await inquire.executeWithOptions({ summary: `inquiry ${n}` }, [
      { transferId, rail, waits: changedWaits(waits) },
    ]);
    waits = waitsOf({ waits, ...found });
    lines = [...lines, toLine(found)].slice(-storyLinesMax);
    setCurrentDetails(lines.join('\n'));
    if (input.isSearchable !== false) showStatus(found);
    if (found.state !== 'unknown') return { state: found.state };

    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof inquiry>({ ...input, waits: changedWaits(waits), story: lines });
    await sleep(Math.max(found.waitMs, 1), { summary: `next inquiry in ${toWords(found.waitMs)}` });
  }
}

/** What an operator can search for. Written only when it changed: each costs an event and a write of the index. */
function showStatus({ state, attention }: InquireResult): void {
  const shown = workflowInfo().typedSearchAttributes;
  const needsAttention = attention !== null;
  const { transferStatus, needsAttention: needsAttentionKey } = searchAttributes;
  if (shown.get(transferStatus) === state && shown.get(needsAttentionKey) === needsAttention) return;
  upsertSearchAttributes([
    { key: transferStatus, value: state },
    { key: needsAttentionKey, value: needsAttention },
  ]);
}

/** One line of the story, for operators. The clock is the workflow's: the same on every replay. */
function toLine({ state, attention, reply, waitMs }: InquireResult): string {
  const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const what = reply === null ? 'read the row again' : `asked the rail, which answered: ${reply}`;
  const then = state === 'unknown' ? `the funds stay held; next inquiry in ${toWords(waitMs)}` : `now **${state}**`;
  const mark = attention === null ? '' : ` **A person should look: ${attention}.**`;
  return `- ${at} UTC: ${what}; ${then}.${mark}`;
}
