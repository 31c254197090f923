import type { Client } from '@temporalio/client';
import { railNames } from '../../rails/index.ts';
import { drainWorkflowId } from '../../workflows/contract/ids.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { Waits } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

/** Makes sure that every rail has its drain. One that runs is left running. Throws when Temporal is away. */
export async function startDrains(client: Client, waits: Waits): Promise<void> {
  for (const rail of railNames)
    await ensureRunning(client, workflowTypes.drain, {
      workflowId: drainWorkflowId(rail),
      lives: 'again',
      taskQueue: taskQueues.groups,
      args: [{ rail, waits }],
      staticSummary: `brings due ${rail} transfers on their way`,
    });
}
