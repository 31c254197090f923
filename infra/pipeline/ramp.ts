import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import type { Aws } from './aws.ts';
import { StepError } from './step-error.ts';
import { readLog, runTask, type Task } from './task.ts';
import type { Wait } from './wait.ts';

/** A version of the workers in an environment, and how long one command may take. */
export type WorkerRelease = { environment: EnvironmentName; build: string; wait: Wait };

/**
 * Raises a version's share of new work step by step. After each step the critical alarms of the environment are watched: one that is raised
 * meanwhile takes the share back. One that was raised before counts not: it is not of this release.
 */
export async function ramp(
  aws: Aws,
  { percents, watchMinutes, ...release }: WorkerRelease & { percents: readonly number[]; watchMinutes: number },
): Promise<void> {
  const before = await raisedAlarms(aws, release.environment);
  for (const percent of percents) {
    await orBack(aws, release, () => workersTask(aws, release, ['ramp', release.build, '--percent', String(percent)]));
    const raised = await watch(aws, release, { before, watchMinutes });
    if (raised.length === 0) continue;
    await rollBack(aws, release);
    throw new StepError(
      `At ${percent} % alarms were raised: ${raised.join(', ')}. The workers of ${release.build} get nothing new; what they have begun stays with them. Look at the alarms before the next try.`,
    );
  }
}

/** `operator workers …` as a task in the cluster, where Temporal can be reached. Returns what it printed, where that is asked for. */
export async function workersTask(
  aws: Aws,
  { environment, wait }: Pick<WorkerRelease, 'environment' | 'wait'>,
  args: readonly string[],
): Promise<{ lines: () => Promise<string[]> }> {
  const command = ['node', 'operator/main.ts', 'workers', ...args];
  const task: Task = { environment, name: 'operator', layer: 'operator', command };
  const arn = await runTask(aws, task, wait);
  return { lines: () => readLog(aws, task, arn) };
}

/** Nothing new for the release: the version before it has all again. */
export const rollBack = async (aws: Aws, release: WorkerRelease): Promise<void> =>
  void (await workersTask(aws, release, ['rollback']));

async function orBack(aws: Aws, release: WorkerRelease, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await rollBack(aws, release);
    throw error;
  }
}

async function watch(
  aws: Aws,
  { environment, wait }: WorkerRelease,
  { before, watchMinutes }: { before: readonly string[]; watchMinutes: number },
): Promise<string[]> {
  const until = performance.now() + watchMinutes * 60_000;
  for (;;) {
    const raised = (await raisedAlarms(aws, environment)).filter((alarm) => !before.includes(alarm));
    if (raised.length > 0 || performance.now() >= until) return raised;
    await sleep(wait.everyMs);
  }
}

const alarmsSchema = z.object({ MetricAlarms: z.array(z.object({ AlarmName: z.string() })).default([]) });
/** An environment has fewer alarms; who has a hundred raised ones must not release. */
const alarmsMax = 100;

/** The alarms of an environment that are raised now. */
export async function raisedAlarms(aws: Aws, environment: EnvironmentName): Promise<string[]> {
  const answer = await aws('cloudwatch', 'describe-alarms', {
    AlarmNamePrefix: `${prefixOf(environment)}-`,
    StateValue: 'ALARM',
    AlarmTypes: ['MetricAlarm'],
    MaxRecords: alarmsMax,
  });
  return alarmsSchema.parse(answer).MetricAlarms.map(({ AlarmName }) => AlarmName);
}
