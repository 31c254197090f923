import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import limitTo from 'p-limit';
import { check } from '../domain/check.ts';
import { toPublic, type Uuid } from '../domain/ids.ts';
import type { Standing } from '../ledger/read/standing.ts';
import {
  searchAttributes,
  type TransferInput,
  taskQueues,
  transferWorkflowId,
  type Waits,
  workflowTypes,
} from '../workflows/messages.ts';
import { whileBeating } from './beat.ts';

/** `ids` may be unknown; those that are not are left alone. `waits` are for the workflows that are started. */
export type FollowInput = { ids: Uuid[]; waits: Waits };

export type FollowDeps = { client: Client; readStanding: (ids: Uuid[]) => Promise<Standing[]> };

/** Starts under way at once: a rail that went silent must not bury Temporal. */
const startsSideBySide = 8;
const startMostMs = 5_000;

/**
 * Starts `transfer/<id>` for every member whose outcome is unknown; one that runs already is left running. A client call,
 * not a child: a child would bind the group's history to how long a bank may be silent. Returns how many are unknown.
 */
export const follow = (deps: FollowDeps, { ids, waits }: FollowInput): Promise<{ unknown: number }> =>
  whileBeating(async () => {
    const unknown = (await deps.readStanding(ids)).filter(({ state }) => state === 'unknown');
    const inTurn = limitTo(startsSideBySide);
    await Promise.all(unknown.map((row) => inTurn(() => startTransfer(deps.client, row, waits))));
    return { unknown: unknown.length };
  });

async function startTransfer(client: Client, row: Standing, waits: Waits): Promise<void> {
  const { id, tenantId, rail, attention } = row;
  check(rail !== 'book', `transfer ${id} is unknown and yet never left the ledger`);
  const input: TransferInput = { transferId: id, tenantId, rail, waits };
  const deadline = Date.now() + startMostMs;
  await client.withDeadline(deadline, () =>
    client.workflow.start(workflowTypes.transfer, {
      workflowId: transferWorkflowId(id),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      // It may have been unknown before, and sent again since.
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      taskQueue: taskQueues.follow,
      args: [input],
      staticSummary: `asks the ${rail} rail what became of it`,
      staticDetails: `Transfer ${toPublic('transfer', id)} was sent and no decisive answer came. Its funds are held until there is proof.`,
      typedSearchAttributes: [
        { key: searchAttributes.transferStatus, value: 'unknown' },
        { key: searchAttributes.rail, value: rail },
        { key: searchAttributes.tenantId, value: toPublic('tenant', tenantId) },
        { key: searchAttributes.needsAttention, value: attention !== null },
      ],
    }),
  );
}
