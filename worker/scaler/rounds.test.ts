import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Registry } from 'prom-client';
import { freePort } from '../../local/ports.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type FreezableTemporal, freezableTemporal } from '../../test/support/harness/freezable-temporal.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { createFigures } from './figures.ts';
import { scalerHealthPage } from './health.ts';
import { startRounds } from './rounds.ts';

let temporal: FreezableTemporal;
let connection: Connection;
beforeAll(async () => {
  temporal = await freezableTemporal();
  await temporal.start();
  connection = Connection.lazy({ address: temporal.address });
}, inTime(60_000));
afterAll(async () => {
  await connection.close();
  await temporal.end();
});

/** The rounds of two kinds, with their page of health and their figures. */
function measured(own = connection) {
  const registry = new Registry();
  const rounds = startRounds({
    client: new Client({ connection: own }),
    queues: { transfers: ['one', 'other'], records: ['third'] },
    figures: createFigures(registry),
    log: listenForAlarms().log,
    everyMs: 300,
  });
  const page = scalerHealthPage(rounds.agesMs, 2_000);
  return {
    end: rounds.end,
    isHealthy: async () => (await page()).status === 200,
    figure: async (name: string, labels: string) =>
      new RegExp(`^quittance_${name}\\{${labels}\\} (\\S+)`, 'm').exec(await registry.metrics())?.[1] ?? null,
  };
}

test(
  'two queues of a kind add up; a server that is frozen takes the figures away and not to 0; and they come back',
  async () => {
    const client = new Client({ connection });
    for (const [id, taskQueue] of Object.entries({ a: 'one', b: 'one', c: 'other' }))
      await client.workflow.start('nobody', { taskQueue, workflowId: id });
    const { end, isHealthy, figure } = measured();
    const ofKind = (name: string, service: string) => figure(`service_${name}`, `service="${service}"`);
    await until(async () => (await ofKind('backlog', 'transfers')) === '3');
    expect(await figure('task_queue_backlog', 'queue="one",type="workflow"')).toBe('2');
    expect(await figure('task_queue_backlog', 'queue="one",type="activity"')).toBe('0');
    await until(async () => Number(await ofKind('backlog_age_seconds', 'transfers')) > 1);
    expect(await ofKind('backlog', 'records')).toBe('0');
    expect(await isHealthy()).toBe(true);

    temporal.freeze();
    await until(async () => (await ofKind('backlog', 'records')) === null);
    await until(async () => !(await isHealthy()));
    expect(await ofKind('backlog', 'transfers')).toBeNull();
    expect(await ofKind('backlog_age_seconds', 'transfers')).toBeNull();
    expect(Number(await figure('scaler_failures_total', 'queue="other"'))).toBeGreaterThan(0);

    temporal.thaw();
    await until(isHealthy);
    await until(async () => (await ofKind('backlog', 'transfers')) === '3');
    await end();
  },
  inTime(90_000),
);

/** The same server, whose answers about one queue are held back until `release` resolves. */
function slowFor(queue: string, release: Promise<unknown>): Connection {
  const { workflowService } = connection;
  const describeTaskQueue = async (request: Parameters<typeof workflowService.describeTaskQueue>[0]) => {
    if (request.taskQueue?.name === queue) await release;
    return workflowService.describeTaskQueue(request);
  };
  const slow = Object.create(workflowService, { describeTaskQueue: { value: describeTaskQueue } });
  return Object.create(connection, { workflowService: { value: slow } });
}

test('a queue whose answer does not come leaves its kind without a figure, and delays no other queue or kind', async () => {
  const release = Promise.withResolvers<void>();
  const { end, isHealthy, figure } = measured(slowFor('other', release.promise));
  await until(async () => (await figure('service_backlog', 'service="records"')) !== null);
  await until(async () => (await figure('task_queue_backlog', 'queue="one",type="activity"')) === '0');
  expect(await figure('service_backlog', 'service="transfers"')).toBeNull();
  expect(await isHealthy()).toBe(false);
  release.resolve();
  await until(isHealthy);
  await end();
});

test('before the first measurement it is not healthy, and a port where nothing listens gives no figures', async () => {
  const nowhere = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
  const { end, isHealthy, figure } = measured(nowhere);
  expect(await isHealthy()).toBe(false);
  await until(async () => Number(await figure('scaler_failures_total', 'queue="third"')) >= 2);
  expect(await figure('service_backlog', 'service="records"')).toBeNull();
  expect(await isHealthy()).toBe(false);
  await end();
  await nowhere.close();
});
