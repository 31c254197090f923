import type { Client } from '@temporalio/client';
import { railNames } from '../../rails/index.ts';
import { dispatchWorkflowId } from '../../workflows/contract/ids.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import { changedWaits, type Waits } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

/** Makes sure that every rail has its dispatcher. One that runs is left running. Throws when Temporal does not answer. */
export async function startDispatchers(client: Client, waits: Waits): Promise<void> {
  for (const rail of railNames)
    await ensureRunning(client, workflowTypes.dispatch, {
      workflowId: dispatchWorkflowId(rail),
      lives: 'again',
      taskQueue: taskQueues.groups,
      args: [{ rail, waits: changedWaits(waits) }],
      staticSummary: `starts groups for due ${rail} transfers`,
    });
}
