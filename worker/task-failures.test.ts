import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { request } from 'undici';
import { freePort } from '../local/ports.ts';
import { watchTaskFailures } from '../telemetry/task-failures.ts';
import { listenForAlarms } from '../test/support/harness/alarms.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from '../test/support/harness/temporal.ts';
import { root } from '../test/support/tree.ts';
import { installRuntime } from './runtime.ts';

/** A workflow as it was when it started, and as a bad release has it: another first command. */
const releases = {
  good: "import { sleep } from '@temporalio/workflow';\nexport const waits = () => sleep('1 day');\n",
  bad: "import { proxyActivities } from '@temporalio/workflow';\nconst { act } = proxyActivities({ startToCloseTimeout: 1000 });\nexport const waits = () => act();\n",
};

test(
  'a release on which an open workflow does not replay raises an alarm, and shows buckets that can be alerted on',
  async () => {
    const folder = join(root, `.test/releases-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    const { log, alarms, raised } = listenForAlarms();
    const metricsPort = await freePort();
    await installRuntime(log, async () => metricsPort);
    const address = temporalAddress();
    const client = await connectToTemporal();
    const namespace = await registerNamespace(client);
    const connection = await NativeConnection.connect({ address });
    const page = async () => (await request(`http://127.0.0.1:${metricsPort}/metrics`)).body.text();
    const serve = async (release: keyof typeof releases): Promise<() => Promise<void>> => {
      const workflowsPath = join(folder, `${release}.ts`);
      writeFileSync(workflowsPath, releases[release]);
      const worker = await Worker.create({
        ...{ connection, namespace, taskQueue: 'q', workflowsPath, maxCachedWorkflows: 0 },
        bundlerOptions: {},
      });
      const run = worker.run();
      return async () => {
        worker.shutdown();
        await run;
      };
    };
    const { workflow } = new Client({ connection: client, namespace });
    const endGood = await serve('good');
    const open = await workflow.start('waits', { taskQueue: 'q', workflowId: 'w', workflowTaskTimeout: '1 second' });
    while (!(await open.fetchHistory()).events?.some(({ timerStartedEventAttributes: timer }) => timer))
      await sleep(50);
    await endGood();
    const stopWatching = watchTaskFailures({ read: page, alarms, everyMs: 300 });
    const endBad = await serve('bad');
    await open.signal('wake');
    while (!raised.some(({ alarm }) => alarm === 'workflow_task_fails')) await sleep(100);
    expect(raised.find(({ alarm }) => alarm === 'workflow_task_fails')).toMatchObject({
      reason: 'NonDeterminismError',
    });
    expect(await page()).toMatch(/^temporal_workflow_task_schedule_to_start_latency_bucket\{.*le="0.2"/m);
    stopWatching();
    await endBad();
    await Promise.all([connection.close(), client.close()]);
    rmSync(folder, { recursive: true });
  },
  inTime(120_000),
);
