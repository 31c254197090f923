import type { Client } from '@temporalio/client';
import type { Uuid } from '../../domain/ids.ts';
import { statementRunId } from '../../workflows/contract/ids.ts';
import { lookSignal, type StatementRunInput } from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import { changedWaits, type Waits } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

/** `wakes`: a run of a month that is there ends its wait and looks at once, as a person expects who asks for it; the regular round lets it wait. */
export type StatementRunStart = { tenantId: Uuid; month: string | null; waits: Waits; wakes?: boolean };

/**
 * Makes sure that the run of a tenant's month is there, or with `month` null that of what was asked for, which is always told to look: it
 * ends as soon as nothing is left. Throws when Temporal does not answer.
 */
export async function startStatementRun(
  client: Client,
  { tenantId, month, waits, wakes = false }: StatementRunStart,
): Promise<void> {
  const input: StatementRunInput = { tenantId, month, waits: changedWaits(waits) };
  await ensureRunning(client, workflowTypes.statementRun, {
    workflowId: statementRunId(tenantId, month),
    // What it left is taken up by the next one.
    lives: 'again',
    taskQueue: taskQueues.statements,
    args: [input],
    ...((wakes || month === null) && { wake: lookSignal }),
    staticSummary: month === null ? 'statements on request' : `statements of ${month}`,
  });
}
