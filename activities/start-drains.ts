import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { railNames } from '../domain/rail.ts';
import { drainWorkflowId, taskQueues, type Waits, workflowTypes } from '../workflows/messages.ts';

const startMostMs = 5_000;

/** Makes sure that every rail has its drain. One that runs is left running. Throws when Temporal is away. */
export async function startDrains(client: Client, waits: Waits): Promise<void> {
  for (const rail of railNames)
    await client.withDeadline(Date.now() + startMostMs, () =>
      client.workflow.start(workflowTypes.drain, {
        workflowId: drainWorkflowId(rail),
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        taskQueue: taskQueues.groups,
        args: [{ rail, waits }],
        staticSummary: `brings due ${rail} transfers on their way`,
      }),
    );
}
