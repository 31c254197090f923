import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toAccount } from '../../test/histories/scenarios.ts';
import { readEvents } from '../../test/support/harness/history.ts';
import { type Platform, shortWaits, startInProcess } from '../../test/support/harness/in-process.ts';
import { startReceiver } from '../../test/support/harness/notice-receiver.ts';
import type { activityTable } from '../activity-table.ts';
import { deliveryWorkflowId, inquiryWorkflowId } from './ids.ts';
import { taskQueues, workflowTypes } from './names.ts';
import { changedWaits, defaultWaits, type Waits, waitsOf } from './waits.ts';

/**
 * A workflow may be older than a wait, and than a setting. Here each long-lived one is started as by a
 * version without the waits of its steps.
 */
const waits: Partial<Waits> = { dispatchRunMs: 100, dispatchIdleMs: 20 };

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess();
});
afterAll(() => platform.end());

/** The waits that the steps of a workflow were called with, after that many of them. */
async function waitsOfSteps(workflowId: string, step: keyof typeof activityTable, least: number): Promise<unknown[]> {
  for (;;) {
    const events = await readEvents(platform.client, { workflowId });
    const inputs = events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === step ? [scheduled.input?.payloads?.[0]?.data] : [],
    );
    if (inputs.length >= least) return inputs.map((data) => JSON.parse(Buffer.from(data ?? '').toString()).waits);
    await sleep(50);
  }
}

test('an input carries the waits that differ from their defaults, and is read with all of them', () => {
  expect(changedWaits(defaultWaits)).toEqual({});
  expect(changedWaits({ ...defaultWaits, sweepEveryMs: 7 })).toEqual({ sweepEveryMs: 7 });
  expect(waitsOf({ waits: changedWaits(shortWaits) })).toEqual(shortWaits);
});

test('a dispatcher works without a wait that its input lacks, and takes over the current ones', async () => {
  const workflowId = 'dispatch/of-its-first-day';
  const options = { workflowId, taskQueue: taskQueues.groups, args: [{ rail: 'instant', waits }] };
  const dispatcher = await platform.client.workflow.start(workflowTypes.dispatch, options);
  const [first, second] = await waitsOfSteps(workflowId, 'takeDue', 2);
  expect(first).toMatchObject(waits);
  expect(second).toEqual(changedWaits(shortWaits));
  await dispatcher.terminate();
});

test('so does a delivery', async () => {
  const receiver = await startReceiver(platform.pools, platform.accounts);
  const workflowId = deliveryWorkflowId(uuidV7());
  const input = { endpointId: receiver.endpointId, waits };
  const options = { workflowId, taskQueue: taskQueues.delivery, args: [input] };
  await platform.client.workflow.execute(workflowTypes.delivery, options);
  expect(await waitsOfSteps(workflowId, 'deliver', 1)).toHaveLength(1);
  receiver.end();
});

test('so does an inquiry that runs for months', async () => {
  const request = toAccount(platform, 'told500');
  const input = { transferId: request.id, tenantId: request.tenantId, rail: 'instant', waits };
  await platform.ledger.reserve(uuidV7(), request);
  await platform.pools.root.query(`update ledger.transfer set next_at = now() + interval '1 hour' where id = $1`, [
    request.id,
  ]);
  const options = { workflowId: inquiryWorkflowId(request.id), taskQueue: taskQueues.upkeep, args: [input] };
  expect(await platform.client.workflow.execute(workflowTypes.inquiry, options)).toEqual({ state: 'submitting' });
});
