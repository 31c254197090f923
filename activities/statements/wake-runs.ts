import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Log } from '../../config/log.ts';
import type { Uuid } from '../../domain/ids.ts';
import { statementRunId } from '../../workflows/contract/ids.ts';
import { lookSignal } from '../../workflows/contract/messages.ts';
import { defaultWaits, type Waits } from '../../workflows/contract/waits.ts';
import { createWakerOf } from '../waker.ts';
import { startStatementRun } from './start-run.ts';

/** Wakes the runs that make statements. Nothing of it is waited for, or thrown: the schedule finds what was lost within a minute. */
export type RunWaker = {
  /** Lets what a tenant asked for be made now. */
  make(tenantId: Uuid): void;
  /** Lets the run of a month, if there is one, look at its pace again. */
  look(tenantId: Uuid, month: string): void;
  close(): Promise<void>;
};

/** A signal is one small call. */
const callMaxMs = 5_000;

/** Binds it to Temporal. */
export function createRunWaker({
  client,
  log,
  waits = defaultWaits,
}: {
  client: Client;
  log: Pick<Log, 'warn'>;
  waits?: Waits;
}): RunWaker {
  const onLost = (error: unknown) =>
    log.warn({ err: error }, 'a run of statements could not be woken; the schedule will');
  const onRequest = createWakerOf({
    call: (tenantId) => startStatementRun(client, { tenantId, month: null, waits }),
    onLost,
  });
  const ofMonths = createWakerOf({ call: (workflowId) => look(client, workflowId), onLost });
  return {
    make: (tenantId) => onRequest.wake([tenantId]),
    look: (tenantId, month) => ofMonths.wake([statementRunId(tenantId, month)]),
    close: async () => void (await Promise.all([onRequest.close(), ofMonths.close()])),
  };
}

/** A run that has ended, or has not begun, reads the pace when it begins. */
async function look(client: Client, workflowId: string): Promise<void> {
  try {
    await client.withDeadline(Date.now() + callMaxMs, () => client.workflow.getHandle(workflowId).signal(lookSignal));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
