import { type Client, ServiceError } from '@temporalio/client';
import limitTo from 'p-limit';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { TransferSnapshot } from '../../ledger/worker-reads/snapshot.ts';
import { inquiryWorkflowId } from '../../workflows/contract/ids.ts';
import type { InquiryInput } from '../../workflows/contract/messages.ts';
import { searchAttributes, taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { StartInquiriesInput, StartInquiriesResult } from '../../workflows/contract/steps.ts';
import { changedWaits, type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { ensureRunning, type Run } from '../ensure-running.ts';

export type StartInquiriesDeps = {
  client: Client;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  /** Aborted when this process stops: no further start begins. */
  stopping: AbortSignal;
};

/** Concurrent starts: a rail that stopped answering must not flood Temporal. */
const startsMax = 8;

/**
 * Starts `inquiry/<id>` for every transfer whose outcome is unknown; one that runs already is left running. A client call,
 * not a child: a child would tie the group to the time that a bank needs to answer. Returns how many are unknown.
 * Throws the first start that failed, after it has tried all; when the process stops, too, so that another worker starts them.
 */
export const startInquiries =
  ({ client, readSnapshots, stopping }: StartInquiriesDeps) =>
  async ({ ids, ...input }: StartInquiriesInput): Promise<StartInquiriesResult> => {
    const waits = waitsOf(input);
    const unknown = (await readSnapshots(ids)).filter(({ state }) => state === 'unknown');
    const limit = limitTo(startsMax);
    const starts = unknown.map((snapshot) =>
      limit(async () => {
        stopping.throwIfAborted();
        await startInquiry(client, snapshot, waits);
      }),
    );
    for (const start of await Promise.allSettled(starts)) if (start.status === 'rejected') throw start.reason;
    return { unknown: unknown.length };
  };

async function startInquiry(client: Client, snapshot: TransferSnapshot, waits: Waits): Promise<void> {
  const { id, tenantId, rail, attention } = snapshot;
  check(rail !== 'book', `transfer ${id} is unknown and yet never left the ledger`);
  const input: InquiryInput = { transferId: id, tenantId, rail, waits: changedWaits(waits) };
  const start: Run = {
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
  };
  try {
    await ensureRunning(client, workflowTypes.inquiry, start);
  } catch (error) {
    if (!lacksAttributes(error)) throw error;
    // The inquiry is what matters. That they are missing has an alarm where they are registered.
    const { typedSearchAttributes: _, ...rest } = start;
    await ensureRunning(client, workflowTypes.inquiry, { ...rest, args: [{ ...input, isSearchable: false }] });
  }
}

/** Whether Temporal refuses a start because its namespace does not know one of our search attributes. */
const lacksAttributes = (error: unknown): boolean =>
  error instanceof ServiceError && error.cause instanceof Error && /search attribute/i.test(error.cause.message);
