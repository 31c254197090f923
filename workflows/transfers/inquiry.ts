import { continueAsNew, setCurrentDetails, sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { TransferEnd, TransferInput } from '../contract/messages.ts';
import { searchAttributes } from '../contract/names.ts';
import type { InquireResult } from '../contract/steps.ts';
import { waitsOf } from '../contract/waits.ts';
import { toWords } from '../words.ts';

/** How many lines of its story a transfer shows; the oldest make room. */
const storyLinesMost = 30;

/**
 * Stays with one transfer whose outcome is unknown: bytes went to a rail, no decisive answer came, funds are held.
 *
 *   1. inquire   asks the rail, tells the ledger what it said, and learns how long to wait before asking again
 *   2. wait      that long
 *
 * until the row is no longer `unknown`. There is no other way out: silence is not an answer, and entry by hand comes later.
 *
 * | the row is now       | because                                                              |
 * | completed · rejected | the rail proved it                                                   |
 * | scheduled            | the rail never took it: the drain sends it again, under the same key |
 *
 * After the rail's limit the ledger raises attention, and this goes on asking. It decides nothing: the row is the truth.
 */
export async function transfer(input: TransferInput): Promise<TransferEnd> {
  const { transferId, rail, story = [] } = input;
  let waits = waitsOf(input);

  for (let lines = story, n = 1; ; n += 1) {
    const { inquire } = stepsFor(waits, rail);
    const inquiry = await inquire.executeWithOptions({ summary: `inquiry ${n}` }, [{ transferId, rail, waits }]);
    waits = waitsOf({ waits, ...inquiry });
    lines = [...lines, toLine(inquiry)].slice(-storyLinesMost);
    setCurrentDetails(lines.join('\n'));
    showStatus(inquiry);
    if (inquiry.state !== 'unknown') return { state: inquiry.state };

    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof transfer>({ ...input, waits, story: lines });
    await sleep(Math.max(inquiry.waitMs, 1), { summary: `next inquiry in ${toWords(inquiry.waitMs)}` });
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

/** One line of the story, in an operator's words. The clock is the workflow's own: the same on every replay. */
function toLine({ state, attention, said, waitMs }: InquireResult): string {
  const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const heard = said === null ? 'read the row again' : `asked the rail, which said: ${said}`;
  const then = state === 'unknown' ? `the funds stay held; next inquiry in ${toWords(waitMs)}` : `now **${state}**`;
  const mark = attention === null ? '' : ` **A person should look: ${attention}.**`;
  return `- ${at} UTC: ${heard}; ${then}.${mark}`;
}
