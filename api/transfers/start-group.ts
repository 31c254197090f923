import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { v7 as uuidV7 } from 'uuid';
import type { Log } from '../../config/log.ts';
import { toPublic } from '../../domain/ids.ts';
import { groupWorkflowId } from '../../workflows/contract/ids.ts';
import {
  acceptUpdate,
  acceptUpdateId,
  type TransferGroup,
  type TransferGroupInput,
} from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import { changedWaits, defaultWaits, type Waits } from '../../workflows/contract/waits.ts';
import { intakeLimits, type StartGroup } from './intake.ts';

/**
 * The one call to Temporal: starts the group's workflow, its members durable as start arguments, and waits for the answers
 * of its first step, `answerMs` at most. The ids make a retry on the network harmless: the second arrival finds the first.
 */
export function createStartGroup({
  client,
  log,
  waits = defaultWaits,
  answerMs = intakeLimits.answerMs,
}: {
  client: Client;
  log: Log;
  waits?: Waits;
  answerMs?: number;
}): StartGroup {
  return async (rail, members) => {
    const groupId = uuidV7();
    const input: TransferGroupInput = { groupId, rail, waits: changedWaits(waits) };
    const startWorkflowOperation = new WithStartWorkflowOperation<TransferGroup>(workflowTypes.transferGroup, {
      workflowId: groupWorkflowId(rail, groupId),
      taskQueue: taskQueues.groups,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input, ...members],
      staticSummary: `${members.length} ${members.length === 1 ? 'transfer' : 'transfers'}, ${rail}`,
    });
    try {
      return await client.withDeadline(Date.now() + answerMs, () =>
        client.workflow.executeUpdateWithStart(acceptUpdate, { updateId: acceptUpdateId, startWorkflowOperation }),
      );
    } catch (error) {
      // Logged here with the group's id, because the clients only get outcome_unknown.
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
      log.warn({ group: toPublic('group', groupId), rail, members: members.length, reason }, 'group not answered');
      throw error;
    }
  };
}
