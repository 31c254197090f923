import type { Client } from '@temporalio/client';
import limitTo from 'p-limit';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { type NetworkName, type Rails, railOf } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { TransferSnapshot } from '../../ledger/work/snapshot.ts';
import { transferWorkflowId } from '../../workflows/contract/ids.ts';
import type { TransferInput } from '../../workflows/contract/messages.ts';
import { searchAttributes, taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { FollowInput, FollowResult } from '../../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';
import { withHeartbeat } from '../heartbeat.ts';
import { atOnce, putOff } from './put-off.ts';

export type FollowDeps = {
  client: Client;
  ledger: Pick<Ledger, 'conclude'>;
  rails: Rails;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
};

/** Starts under way at once: a rail that went silent must not bury Temporal. */
const startsSideBySide = 8;

/**
 * Starts `transfer/<id>` for every member whose outcome is unknown; one that runs already is left running. A client call,
 * not a child: a child would bind the group's history to how long a bank may be silent. Returns how many are unknown.
 * Throws the first start that failed, after it has tried all.
 */
export const follow = (deps: FollowDeps, { ids, unsent, ...input }: FollowInput): Promise<FollowResult> =>
  withHeartbeat(async () => {
    const waits = waitsOf(input);
    if (unsent) await putOffUnsent(deps, ids, { ...unsent, nextInMs: waits.submitQueueMs });
    const unknown = (await deps.readSnapshots(ids)).filter(({ state }) => state === 'unknown');
    const inTurn = limitTo(startsSideBySide);
    const starts = unknown.map((row) => inTurn(() => startTransfer(deps.client, row, waits)));
    for (const start of await Promise.allSettled(starts)) if (start.status === 'rejected') throw start.reason;
    return { unknown: unknown.length };
  });

/** They come back no sooner than they were given up, so that a rail without workers costs a few events a minute and transfer. */
async function putOffUnsent(
  { ledger, rails, readSnapshots }: FollowDeps,
  ids: Uuid[],
  { groupId, rail, nextInMs }: { groupId: Uuid; rail: NetworkName; nextInMs: number },
): Promise<void> {
  const why = { code: 'no_worker', nextInMs };
  await putOff({ ledger, readSnapshots, rail: railOf(rails, rail), groupId, ids, until: atOnce, why });
}

async function startTransfer(client: Client, row: TransferSnapshot, waits: Waits): Promise<void> {
  const { id, tenantId, rail, attention } = row;
  check(rail !== 'book', `transfer ${id} is unknown and yet never left the ledger`);
  const input: TransferInput = { transferId: id, tenantId, rail, waits };
  await ensureRunning(client, workflowTypes.transfer, {
    workflowId: transferWorkflowId(id),
    // It may have been unknown before, and sent again since.
    lives: 'again',
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
  });
}
