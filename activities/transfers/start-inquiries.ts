import type { Client } from '@temporalio/client';
import limitTo from 'p-limit';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { TransferSnapshot } from '../../ledger/work/snapshot.ts';
import { inquiryWorkflowId } from '../../workflows/contract/ids.ts';
import type { InquiryInput } from '../../workflows/contract/messages.ts';
import { searchAttributes, taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { StartInquiriesInput, StartInquiriesResult } from '../../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

export type StartInquiriesDeps = {
  client: Client;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
};

/** Concurrent starts: a rail that stopped answering must not flood Temporal. */
const startsMax = 8;

/**
 * Starts `inquiry/<id>` for every transfer whose outcome is unknown; one that runs already is left running. A client call,
 * not a child: a child would tie the group to the time that a bank needs to answer. Returns how many are unknown.
 * Throws the first start that failed, after it has tried all.
 */
export const startInquiries =
  ({ client, readSnapshots }: StartInquiriesDeps) =>
  async ({ ids, ...input }: StartInquiriesInput): Promise<StartInquiriesResult> => {
    const waits = waitsOf(input);
    const unknown = (await readSnapshots(ids)).filter(({ state }) => state === 'unknown');
    const limit = limitTo(startsMax);
    const starts = unknown.map((snapshot) => limit(() => startInquiry(client, snapshot, waits)));
    for (const start of await Promise.allSettled(starts)) if (start.status === 'rejected') throw start.reason;
    return { unknown: unknown.length };
  };

async function startInquiry(client: Client, snapshot: TransferSnapshot, waits: Waits): Promise<void> {
  const { id, tenantId, rail, attention } = snapshot;
  check(rail !== 'book', `transfer ${id} is unknown and yet never left the ledger`);
  const input: InquiryInput = { transferId: id, tenantId, rail, waits };
  await ensureRunning(client, workflowTypes.inquiry, {
    workflowId: inquiryWorkflowId(id),
    // It may have been unknown before, and sent again since.
    lives: 'again',
    taskQueue: taskQueues.upkeep,
    args: [input],
    staticSummary: `asks the ${rail} rail for the outcome`,
    staticDetails: `Transfer ${toPublic('transfer', id)} was sent and no decisive answer came. Its funds are held until there is proof.`,
    typedSearchAttributes: [
      { key: searchAttributes.transferStatus, value: 'unknown' },
      { key: searchAttributes.rail, value: rail },
      { key: searchAttributes.tenantId, value: toPublic('tenant', tenantId) },
      { key: searchAttributes.needsAttention, value: attention !== null },
    ],
  });
}
