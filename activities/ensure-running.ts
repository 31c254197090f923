import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { type SignalDefinition, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';

/** The timeout of one call to Temporal. */
const callMaxMs = 5_000;

/** `lives`: whether the same id may run again when it has ended. `wake`: a signal sent in the same call, so that it cannot end in between. */
export type Run = WorkflowStartOptions & { lives: 'once' | 'again'; wake?: SignalDefinition };

/** Makes sure that a workflow runs; one that runs already is left running. A client call, so it may be repeated. Throws when Temporal does not answer. */
export async function ensureRunning(client: Client, type: string, { lives, wake, ...start }: Run): Promise<void> {
  const options = {
    ...start,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy:
      lives === 'again' ? WorkflowIdReusePolicy.ALLOW_DUPLICATE : WorkflowIdReusePolicy.REJECT_DUPLICATE,
  };
  await client.withDeadline(Date.now() + callMaxMs, async () => {
    if (wake) await client.workflow.signalWithStart(type, { ...options, signal: wake });
    else await client.workflow.start(type, options);
  });
}
