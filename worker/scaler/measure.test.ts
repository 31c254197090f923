import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, type Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from '../../test/support/harness/temporal.ts';
import { root } from '../../test/support/tree.ts';
import { measureQueue, type TaskType } from './measure.ts';

/** `acts` leaves a task for a worker of another queue; `waits` is open until it is signalled. */
const workflows = `
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
const { act } = proxyActivities({ startToCloseTimeout: '1 minute', taskQueue: 'acts' });
export const acts = () => act();
export async function waits() {
  let isOver = false;
  setHandler(defineSignal('end'), () => { isOver = true; });
  await condition(() => isOver);
}
`;
const folder = join(root, `.test/scaler-${process.pid}`);
const workflowsPath = join(folder, 'workflows.ts');
const queueMs = inTime(10_000);

let connection: Connection;
let worker: NativeConnection;
let client: Client;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(workflowsPath, workflows);
  connection = await connectToTemporal();
  worker = await NativeConnection.connect({ address: temporalAddress() });
}, inTime(60_000));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([connection.close(), worker.close()]);
});

const measure = (queue: string, type: TaskType) => measureQueue(client, { queue, type, withinMs: queueMs });
const countOf = async (queue: string, type: TaskType) => (await measure(queue, type)).count;

/** Serves a queue until the returned function is called. */
async function serve(taskQueue: string, options: Partial<WorkerOptions> = { workflowsPath }) {
  const { namespace } = client.options;
  const serving = await Worker.create({ connection: worker, namespace, taskQueue, bundlerOptions: {}, ...options });
  const run = serving.run();
  return async () => {
    serving.shutdown();
    await run;
  };
}

const start = (type: string, taskQueue: string, workflowId: string) =>
  client.workflow.start(type, { taskQueue, workflowId });

test(
  'what waits for a worker is counted and grows older, workflows and activities apart, until workers take it',
  async () => {
    client = new Client({ connection, namespace: await registerNamespace(connection) });
    for (const id of ['a', 'b', 'c']) await start('acts', 'first', id);
    await until(async () => (await countOf('first', 'workflow')) === 3);
    const young = await measure('first', 'workflow');
    await until(async () => (await measure('first', 'workflow')).ageSeconds > young.ageSeconds + 1);
    expect(await countOf('first', 'activity')).toBe(0);
    const endFirst = await serve('first');
    await until(async () => (await countOf('acts', 'activity')) === 3);
    await until(async () => (await measure('acts', 'activity')).ageSeconds > 0);
    expect(await countOf('first', 'workflow')).toBe(0);
    const endActs = await serve('acts', { activities: { act: async () => {} } });
    await until(async () => (await countOf('acts', 'activity')) === 0);
    expect(await measure('acts', 'activity')).toMatchObject({ ageSeconds: 0, isRateLimited: false });
    await Promise.all([endFirst(), endActs()]);
  },
  inTime(120_000),
);

test('a queue that nobody ever used is empty', async () => {
  client = new Client({ connection, namespace: await registerNamespace(connection) });
  expect(await measure('never', 'workflow')).toEqual({
    ...{ count: 0, ageSeconds: 0, addRate: 0, dispatchRate: 0, isRateLimited: false },
  });
});

test(
  'what waits for a version that is pinned is counted too',
  async () => {
    client = new Client({ connection, namespace: await registerNamespace(connection) });
    const { namespace } = client.options;
    const version = { deploymentName: 'measured', buildId: '1' };
    const endVersion = await serve('versioned', {
      workflowsPath,
      workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
    });
    await until(async () => {
      const known = client.workflowService.describeWorkerDeploymentVersion({ namespace, deploymentVersion: version });
      return await known.then(
        () => true,
        () => false,
      );
    });
    await client.workflowService.setWorkerDeploymentCurrentVersion({ namespace, ...version });
    const open = await start('waits', 'versioned', 'pinned');
    await until(
      async () =>
        (await open.fetchHistory()).events?.some((event) => event.workflowTaskCompletedEventAttributes) ?? false,
    );
    await endVersion();
    // Its sticky queue gives up after a while; then the task waits in the queue of its version.
    await open.signal('end');
    await until(async () => (await countOf('versioned', 'workflow')) === 1);
    // A task of no version: another queue within the same one.
    expect(
      (
        await client.workflowService.describeWorkerDeploymentVersion({
          namespace,
          deploymentVersion: version,
          reportTaskQueueStats: true,
        })
      ).versionTaskQueues[0]?.stats?.approximateBacklogCount?.toString(),
    ).toBe('1');
  },
  inTime(120_000),
);
