import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import { scheduleIds, taskQueues, workflowTypes } from '../workflows/contract/names.ts';
import { changedWaits, type Waits } from '../workflows/contract/waits.ts';

type Ensuring = { client: Client; waits: Waits; alarms: Alarms; isStart: boolean };

/**
 * Makes sure that every schedule is there. What an operator set, a pause or a note, stays; a pause raises an alarm each minute,
 * because nothing that the schedule starts happens meanwhile. Throws when Temporal does not answer.
 */
export async function ensureSchedules({ client, waits, alarms, isStart }: Ensuring): Promise<void> {
  for (const schedule of schedules(waits)) {
    await ensureSchedule(client, schedule, isStart);
    const { state } = await client.schedule.getHandle(schedule.scheduleId).describe();
    const facts = { schedule: schedule.scheduleId, note: state.note };
    if (state.paused) alarms.raise('schedule_paused', facts, schedule.scheduleId);
  }
}

async function ensureSchedule(client: Client, schedule: ScheduleOptions, isStart: boolean): Promise<void> {
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    // It exists already.
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    if (isStart) await client.schedule.getHandle(schedule.scheduleId).update(({ state }) => ({ ...schedule, state }));
  }
}

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
    action: start(workflowTypes.housekeeping, waits, 'makes partitions, drops old deliveries'),
    state: { triggerImmediately: true },
  },
  {
    scheduleId: scheduleIds.statements,
    // By UTC. When a tenant's month ends, in its own zone, is what the book is asked; what was missed in an outage is due then.
    spec: { intervals: [{ every: waits.statementsEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: waits.statementsEveryMs },
    action: {
      ...start(workflowTypes.statementRuns, waits, 'starts the runs of statements that are due'),
      taskQueue: taskQueues.statements,
    },
    state: { triggerImmediately: true },
  },
  {
    scheduleId: scheduleIds.archive,
    // A missed run is not caught up: the next one takes all that there is.
    spec: { intervals: [{ every: waits.archiveEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: waits.archiveEveryMs },
    action: {
      ...start(workflowTypes.archiving, waits, 'puts what was committed into the archive'),
      taskQueue: taskQueues.archive,
    },
    state: { triggerImmediately: true },
  },
];

const start = (workflowType: string, waits: Waits, staticSummary: string) => ({
  type: 'startWorkflow' as const,
  workflowType,
  workflowId: workflowType,
  taskQueue: taskQueues.upkeep,
  args: [{ waits: changedWaits(waits) }],
  staticSummary,
});
