import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Environment } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import type { Layer } from '../network/rules.ts';
import { type Aws, AwsError } from './aws.ts';
import { networkOf } from './network.ts';
import { StepError } from './step-error.ts';
import { type Wait, waitFor } from './wait.ts';

/** A task that ends: what it is called in its family, its log and its container, and where it stands in the network. */
export type Task = {
  environment: Environment['name'];
  /** `migration`: the family is quittance-<environment>-migration, the container migration, the log /quittance/<environment>/migration. */
  name: string;
  layer: Layer;
  /** Instead of the command of its definition. */
  command?: string[];
  /** A revision of its family, instead of the newest. */
  taskDefinition?: string;
};

const startedSchema = z.object({
  tasks: z.array(z.object({ taskArn: z.string() })).default([]),
  failures: z.array(z.object({ reason: z.string().default('no reason given') })).default([]),
});
const tasksSchema = z.object({
  tasks: z
    .array(
      z.object({
        lastStatus: z.string(),
        stoppedReason: z.string().optional(),
        containers: z
          .array(z.object({ name: z.string(), exitCode: z.number().optional(), reason: z.string().optional() }))
          .default([]),
      }),
    )
    .default([]),
});
type Seen = z.output<typeof tasksSchema>['tasks'][number];

/**
 * Runs a task and waits for its end. Returns its ARN when its container ended with 0. Throws when it did not start, ended otherwise, ended
 * without an exit code, or was not through in time; then it is stopped. Nothing is started twice: the token of the call is one for all its tries.
 */
export async function runTask(aws: Aws, task: Task, wait: Wait): Promise<string> {
  const cluster = prefixOf(task.environment);
  const taskArn = await start(aws, task, cluster);
  let ended: Seen;
  try {
    ended = await waitFor(async () => stopped(await aws('ecs', 'describe-tasks', { cluster, tasks: [taskArn] })), {
      ...wait,
      what: `the task ${task.name} has not ended (${taskArn}). It is being stopped. Look at its log, then run the release again.`,
    });
  } catch (error) {
    await aws('ecs', 'stop-task', { cluster, task: taskArn, reason: 'the release waits no longer' });
    throw error;
  }
  const why = problemOf(task.name, ended);
  if (why === null) return taskArn;
  throw new StepError(`The task ${task.name} failed: ${why} (${taskArn})\n${await tail(aws, task, taskArn)}`);
}

async function start(aws: Aws, task: Task, cluster: string): Promise<string> {
  const { environment, name, layer, command } = task;
  const { subnets, securityGroups } = await networkOf(aws, { environment, layer });
  const answer = startedSchema.parse(
    await aws('ecs', 'run-task', {
      cluster,
      taskDefinition: task.taskDefinition ?? `${prefixOf(environment)}-${name}`,
      launchType: 'FARGATE',
      count: 1,
      clientToken: randomUUID(),
      startedBy: 'pipeline',
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' } },
      ...(command !== undefined && { overrides: { containerOverrides: [{ name, command }] } }),
    }),
  );
  const arn = answer.tasks[0]?.taskArn;
  if (arn !== undefined) return arn;
  throw new StepError(
    `The task ${name} did not start: ${answer.failures.map(({ reason }) => reason).join(', ') || 'no reason given'}. Nothing was changed; the release can be run again.`,
  );
}

/** The task once it has stopped. One that ECS knows no longer has stopped too, and nothing is known of its end. */
function stopped(answer: unknown): Seen | null {
  const { tasks } = tasksSchema.parse(answer);
  const [task = { lastStatus: 'STOPPED', stoppedReason: 'ECS does not know it', containers: [] }] = tasks;
  return task.lastStatus === 'STOPPED' ? task : null;
}

function problemOf(name: string, { containers, stoppedReason = 'no reason given' }: Seen): string | null {
  const exitCode = containers.find((container) => container.name === name)?.exitCode;
  if (exitCode === 0) return null;
  const others = containers
    .filter((container) => container.exitCode !== 0)
    .map((container) => `${container.name}: ${container.exitCode ?? container.reason ?? 'no exit code'}`);
  const how = exitCode === undefined ? `it stopped without an exit code: ${stoppedReason}` : `exit code ${exitCode}`;
  return [how, ...others].join('; ');
}

const linesMax = 40;
const eventsSchema = z.object({ events: z.array(z.object({ message: z.string().default('') })).default([]) });

/** The end of its log. A release that failed says why even where the log cannot be read. */
async function tail(aws: Aws, task: Task, taskArn: string): Promise<string> {
  try {
    return (await readLog(aws, task, taskArn)).join('\n');
  } catch (error) {
    if (error instanceof AwsError) return `Its log could not be read: ${error.message}`;
    throw error;
  }
}

/** The last lines of what a task has printed. */
export async function readLog(aws: Aws, { environment, name }: Task, taskArn: string): Promise<string[]> {
  const answer = await aws('logs', 'get-log-events', {
    logGroupName: pathOf(environment, name),
    logStreamName: `${name}/${name}/${taskArn.split('/').at(-1) ?? ''}`,
    limit: linesMax,
    startFromHead: false,
  });
  return eventsSchema.parse(answer).events.map(({ message }) => message.trimEnd());
}
