import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActivityInterceptors } from '@temporalio/worker';
import { activityTable } from '../workflows/activity-table.ts';
import { scheduleIds } from '../workflows/contract/names.ts';
import { toAccount, withFaults, withoutRailWorker } from './histories/scenarios.ts';
import { aTransfer } from './support/fixtures/accounts.ts';
import { type Platform, startInProcess } from './support/harness/in-process.ts';
import { inTime } from './support/harness/in-time.ts';
import { breaches } from './support/harness/invariants.ts';
import { type Receiver, startReceiver } from './support/harness/notice-receiver.ts';
import { endMonthNow, madeByTheLook } from './support/harness/statement-runs.ts';

/**
 * Every step of every workflow, one at a time: it fails, its answer is lost after it ran, it runs twice. Whatever happens,
 * every transfer comes to an end and the four facts hold. The steps come from the table in `workflows/activity-table.ts`; a new one
 * is tested here without a change, as long as the tour passes it, and it is red if the tour does not.
 */
const faults = ['fails', 'loses its answer', 'runs twice'] as const;
type Fault = (typeof faults)[number];
const steps = Object.keys(activityTable);

/** A whole platform on which one kind of fault happens; `armed` is the step that it happens to next, once. */
type Scene = { fault: Fault; armed: { step: string; hits: number }; platform: Platform; receiver: Receiver };

async function openScene(fault: Fault): Promise<Scene> {
  const armed = { step: '', hits: 0 };
  const breakArmedStep = ({ info }: { info: { activityType: string } }): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        if (info.activityType !== armed.step || armed.hits > 0) return await next(input);
        armed.hits += 1;
        if (fault === 'fails') throw new Error('this step fails, once');
        const answer = await next(input);
        if (fault === 'loses its answer') throw new Error('this step did its work, and its answer is lost');
        return await next(input).then(() => answer);
      },
    },
  });
  const interceptors = { activity: [breakArmedStep] };
  const platform = await startInProcess({ tamper: withFaults, interceptors, ...withoutRailWorker });
  return { fault, armed, platform, receiver: await startReceiver(platform.pools, platform.accounts) };
}

const scenes: Scene[] = [];
beforeAll(async () => {
  // Kept as each one opens, and all are waited for: what opened is ended even if another one did not.
  const opened = await Promise.allSettled(faults.map(async (fault) => void scenes.push(await openScene(fault))));
  for (const scene of opened) if (scene.status === 'rejected') throw scene.reason;
}, inTime(120_000));
afterAll(async () => {
  for (const { receiver, platform } of scenes) {
    receiver.end();
    await platform.end();
  }
}, inTime(120_000));

test.each(steps)('%s fails, loses its answer, runs twice', async (step) => {
  // All of them to their end: the next test begins on the same platforms.
  const ends = await Promise.allSettled(
    scenes.map(async (scene) => {
      Object.assign(scene.armed, { step, hits: 0 });
      // A step that was already running when it was armed may serve a whole tour, and only its next run meets the fault.
      for (let tours = 0; tours < 3 && scene.armed.hits === 0; tours += 1) await tour(scene);
      const left = await stillRunning(scene.platform);
      const broken = await breaches(scene.platform.pools.root, await scene.platform.bank.truth());
      expect({ fault: scene.fault, hits: scene.armed.hits, left, broken }).toEqual({
        fault: scene.fault,
        hits: 1,
        left: [],
        broken: [],
      });
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
});

/**
 * Passes every step of every workflow at least once, on purpose with more than one member in each group. At first no worker
 * serves the rail, so that a group puts its members off.
 */
async function tour({ platform, receiver }: Scene): Promise<void> {
  const { accept, serve, until } = platform;
  const early = toAccount(platform, 'accepted');
  // A step that fails may leave its clients without an answer; the transfers go on all the same.
  await accept('instant', [early]).catch(() => undefined);
  await until('version > 1', [early.id]);
  const stop = await serve(['rail:instant']);
  try {
    await tourWithRail({ platform, receiver });
  } finally {
    await stop();
  }
}

async function tourWithRail({ platform, receiver }: Pick<Scene, 'platform' | 'receiver'>): Promise<void> {
  const { accept, client, accounts, settled, pools } = platform;
  const soon = new Date(Date.now() + 300).toISOString();
  const book = [
    aTransfer(accounts, { amount: '1' }),
    aTransfer(accounts, { amount: '99999999' }),
    aTransfer(accounts, { amount: '1', reference: 'slow' }),
    aTransfer(accounts, { amount: '1', executeAt: soon }),
  ];
  const instant = (['accepted', 'rejected', 'told500', 'reset', 'turnedAway'] as const).map((account) =>
    toAccount(platform, account),
  );
  await Promise.all([
    client.schedule.getHandle(scheduleIds.housekeeping).trigger(),
    client.schedule.getHandle(scheduleIds.archive).trigger(),
    accept('book', book).catch(() => undefined),
    accept('instant', instant).catch(() => undefined),
  ]);
  await settled();
  await receiver.idle();
  await madeByTheLook(platform, accounts.tenantId, await endMonthNow(pools, accounts.tenantId));
}

/** What runs beside what always runs. Looked for again and again, because the index of workflows is a moment behind. */
async function stillRunning({ client }: Platform): Promise<string[]> {
  const query =
    "ExecutionStatus = 'Running' and WorkflowType in ('transferGroup', 'dueGroup', 'inquiry', 'delivery', 'housekeeping', 'statementRun', 'archiving')";
  for (let tries = 1; ; tries += 1) {
    const left = await Array.fromAsync(client.workflow.list({ query }));
    if (left.length === 0 || tries === 100) return left.map(({ workflowId }) => workflowId);
    await sleep(100);
  }
}
