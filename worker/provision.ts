import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { startDispatchers } from '../activities/transfers/start-dispatchers.ts';
import type { Log } from '../config/log.ts';
import { scheduleIds, searchAttributes, taskQueues, workflowTypes } from '../workflows/contract/names.ts';
import type { Waits } from '../workflows/contract/waits.ts';

/** A wiped Temporal is provisioned again within a minute. */
const everyMs = 60_000;
/** The timeout of one call to Temporal; the next round repeats it. */
const callMaxMs = 10_000;

/**
 * Provisions Temporal at start and every minute, because its data may have been wiped and every open transfer must continue.
 * Failures are retried a minute later. Returns a function that stops it.
 */
export async function keepProvisioned(
  client: Client,
  waits: Waits,
  log: Pick<Log, 'warn' | 'info'>,
): Promise<() => void> {
  const provisionOrWarn = (isStart: boolean) =>
    provision(client, waits, { isStart }).catch((error: unknown) => {
      log.warn(
        { err: error },
        'search attributes, schedules or dispatchers could not be provisioned; again in a minute',
      );
    });
  await provisionOrWarn(true);
  const timer = setInterval(() => void provisionOrWarn(false), everyMs);
  return () => clearInterval(timer);
}

/**
 * Makes sure that Temporal has the search attributes, schedules and dispatchers. Throws what failed. At the start of a
 * process its settings replace those of an existing schedule.
 */
export async function provision(client: Client, waits: Waits, { isStart }: { isStart: boolean }): Promise<void> {
  await client.withDeadline(Date.now() + callMaxMs, async () => {
    await ensureSearchAttributes(client);
    for (const schedule of schedules(waits)) await ensureSchedule(client, schedule, isStart);
  });
  await startDispatchers(client, waits);
}

async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const added = Object.fromEntries(missing.map(({ name, type }) => [name, indexTypes[type]]));
  await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added });
}

/** Numbers of Temporal's IndexedValueType for the two kinds that we use. */
const indexTypes = { KEYWORD: 2, BOOL: 5 } as const;

const schedules = (waits: Waits): ScheduleOptions[] => [
  {
    scheduleId: scheduleIds.sweep,
    spec: { intervals: [{ every: waits.sweepEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: waits.sweepEveryMs },
    action: start(workflowTypes.sweep, waits, 'repairs what is overdue'),
  },
  {
    scheduleId: scheduleIds.housekeeping,
    spec: { intervals: [{ every: '1 day', offset: '3 hours' }] },
    // A missed day is caught up.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '3 days' },
    action: start(workflowTypes.housekeeping, waits, 'makes partitions, deletes old deliveries'),
    state: { triggerImmediately: true },
  },
];

const start = (workflowType: string, waits: Waits, staticSummary: string) => ({
  type: 'startWorkflow' as const,
  workflowType,
  workflowId: workflowType,
  taskQueue: taskQueues.upkeep,
  args: [{ waits }],
  staticSummary,
});

async function ensureSchedule(client: Client, schedule: ScheduleOptions, isStart: boolean): Promise<void> {
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    // It exists already.
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // What an operator set (a pause, a note) stays.
    if (isStart) await client.schedule.getHandle(schedule.scheduleId).update(({ state }) => ({ ...schedule, state }));
  }
}
