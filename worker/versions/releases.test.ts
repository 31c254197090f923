import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readDeployment } from '../../activities/versions/deployment.ts';
import { writeReplayMark } from '../../activities/versions/replay-mark.ts';
import { removeVersion } from '../../operator/versions/remove.ts';
import { makeCurrent, ramp, rollBack } from '../../operator/versions/route.ts';
import { aTransfer, toBank } from '../../test/support/fixtures/accounts.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { changedWorkflows } from '../../test/support/harness/changed-workflows.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import { type OwnTemporal, quickVersions, startOwnTemporal } from '../../test/support/harness/own-temporal.ts';
import { dispatchWorkflowId } from '../../workflows/contract/ids.ts';
import { drainMs } from '../../workflows/contract/versioning.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { keepVersions } from './keep.ts';

/** Three releases of the workers on a real server, one after the other, under traffic. The rail's worker has no version, and stays. */
const deploymentName = 'quittance';
const versioned = ['groups', 'upkeep', 'delivery', 'statements', 'archive'] as const;
const submits = 'const round = await submitOrPutOff(';
const takes = 'const taken = await stepsFor(waits).takeDue(';
/** The second one waits before it sends, which no group of the first would replay, and its dispatchers have a step more. */
const second = [
  { file: 'transfers/carry.ts', text: submits, instead: `await sleep(1);\n    ${submits}` },
  { file: 'transfers/carry.ts', text: 'TimeoutFailure }', instead: 'TimeoutFailure, sleep }' },
  { file: 'transfers/dispatch.ts', text: takes, instead: `if (patched('second')) await sleep(1);\n    ${takes}` },
  { file: 'transfers/dispatch.ts', text: 'continueAsNew }', instead: 'continueAsNew, patched, sleep }' },
];
/** The third one does not send what it reserved. */
const third = second.with(0, {
  ...{ file: 'transfers/carry.ts', text: submits, instead: `await sleep('1 day');\n    ${submits}` },
});

let temporal: OwnTemporal;
let platform: Platform;
let stopRail: () => Promise<void>;

beforeAll(async () => {
  temporal = await startOwnTemporal(quickVersions);
  // A group waits for a rail without workers for as long as the test may take.
  const waits = { submitQueueMs: inTime(120_000) };
  platform = await startInProcess({ temporal: temporal.address, roles: [], waits });
  stopRail = await platform.serve(['rail:instant']);
}, inTime(60_000));
afterAll(async () => {
  await platform?.end();
  await temporal?.stop();
}, inTime(60_000));

const versionOf = (buildId: string) => ({ deploymentName, buildId });
const release = async (build: string, changes: typeof second) => ({
  version: versionOf(build),
  ...(changes.length > 0 && { bundle: await changedWorkflows(changes, { isVersioned: true }) }),
});
const stateOf = async (build: string) =>
  (await readDeployment(platform.client, deploymentName))?.versions.find((version) => version.build === build)?.state;
const routed = (build: string) => ({ client: platform.client, deploymentName, build, withoutReplay: null });
/** The version that carries on a run, by Temporal. */
const carrierOf = async (workflowId: string): Promise<string | undefined> => {
  const { raw } = await platform.client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
};

/** Clients that ask all the time, and repeat what was not answered. Returns what ends it with the ids that were decided. */
function traffic() {
  const decided: string[] = [];
  const faults: unknown[] = [];
  let isOver = false;
  const ask = async () => {
    for (let n = 0; !isOver; n += 1) {
      const rail = n % 3 === 0 ? 'book' : 'instant';
      const request = (rail === 'book' ? aTransfer : toBank)(platform.accounts, { amount: '1' });
      for (let isOpen = true; isOpen; ) {
        const answers = await platform.accept(rail, [request]).catch((error: unknown) => void faults.push(error));
        isOpen = answers?.[0]?.result !== 'decided';
      }
      decided.push(request.id);
      await sleep(150);
    }
  };
  const asking = ask();
  return {
    decided,
    end: async () => {
      isOver = true;
      await asking;
      return { decided, faults };
    },
  };
}

/** The groups of this build that have been started. */
async function groupsOf(build: string): Promise<number> {
  const { count } = await platform.client.workflow.count(
    `WorkflowType = 'transferGroup' AND TemporalWorkerDeploymentVersion = '${deploymentName}:${build}'`,
  );
  return count;
}

/** A group of this build in the middle of its work, because its rail has no worker, and what gives it one. */
async function heldGroup(build: string) {
  await stopRail();
  const query = `WorkflowType = 'transferGroup' AND ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '${deploymentName}:${build}'`;
  const open = async () => (await Array.fromAsync(platform.client.workflow.list({ query }))).map((it) => it.workflowId);
  await until(async () => (await open()).some((id) => id.startsWith('group/instant/')));
  const workflowId = (await open()).find((id) => id.startsWith('group/instant/')) ?? '';
  const handle = platform.client.workflow.getHandle(workflowId);
  const finish = async () => {
    expect((await handle.describe()).status.name).toBe('RUNNING');
    stopRail = await platform.serve(['rail:instant']);
    await handle.result();
  };
  return { workflowId, finish };
}

async function failedTasks(): Promise<string[]> {
  const failed: string[] = [];
  for await (const { workflowId, runId } of platform.client.workflow.list()) {
    const { events } = await platform.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { workflowTaskFailedEventAttributes: task } of events ?? [])
      if (task) failed.push(`${workflowId}: ${task.failure?.message}`);
  }
  return failed;
}

let clients: ReturnType<typeof traffic>;
let stopFirst: () => Promise<void>;
const { alarms, raised, log } = listenForAlarms();
const keep = () => ({
  ...{ client: platform.client, version: versionOf('first'), readPresence: async () => ({}) },
  ...{ waits: defaultWaits, alarms, log },
});

test('the first version of a new platform is current before its workers ask for work', async () => {
  await keepVersions(keep());
  stopFirst = await platform.serve([...versioned], await release('first', []));
  expect(await stateOf('first')).toBe('current');
  clients = traffic();
  await until(() => clients.decided.length > 5);
  await until(async () => (await carrierOf(dispatchWorkflowId('instant'))) === 'first');
});

test('a second one gets nothing without its workers and the replay gate, and then a share', async () => {
  const { client } = platform;
  const version = versionOf('second');
  await expect(makeCurrent(routed('second'))).rejects.toThrow(/no worker of it ever asked/);
  await platform.serve([...versioned], await release('second', second));
  await until(async () => (await stateOf('second')) === 'inactive');
  const rampedUp = () => ramp({ ...routed('second'), percent: 50 });
  await until(() => rampedUp().then(no, whenRefused(/was not run/)));
  await writeReplayMark(client, version, { at: Date.now(), replayed: 7, stopped: 1 });
  await expect(rampedUp()).rejects.toThrow(/found 1 runs that would stop/);
  expect(await groupsOf('second')).toBe(0);
  await writeReplayMark(client, version, { at: Date.now(), replayed: 7, stopped: 0 });
  await rampedUp();
  expect(await stateOf('second')).toBe('ramping');
  const before = await groupsOf('first');
  await until(async () => (await groupsOf('second')) > 2 && (await groupsOf('first')) > before + 2);
});

test('it gets all: dispatchers go over, and a group of the first ends on the first', async () => {
  const held = await heldGroup('first');
  expect(await makeCurrent(routed('second'))).toBe('first');
  expect(await makeCurrent(routed('second'))).toBe('second');
  await until(async () => (await carrierOf(dispatchWorkflowId('instant'))) === 'second');
  await until(async () => (await stateOf('first')) === 'draining');
  await held.finish();
  expect(await carrierOf(held.workflowId)).toBe('first');
});

test('a bad one, whose groups stop in the middle, is taken back by one command', async () => {
  await platform.serve([...versioned], await release('third', third));
  const madeCurrent = () => makeCurrent({ ...routed('third'), withoutReplay: 'for a test' });
  await until(() => madeCurrent().then(yes, whenRefused(/.*/, false)));
  await until(async () => (await groupsOf('third')) > 2);
  await until(async () => (await carrierOf(dispatchWorkflowId('instant'))) === 'third');
  expect(await rollBack(platform.client, deploymentName)).toEqual({ from: 'third', to: 'second' });
  await until(async () => (await carrierOf(dispatchWorkflowId('instant'))) === 'second');
  const seen = await groupsOf('second');
  await until(async () => (await groupsOf('second')) > seen + 2);
});

test('one that is drained is kept for a while, and removed when its workers are gone', async () => {
  const { client } = platform;
  await until(async () => (await stateOf('first')) === 'drained');
  const removal = { deploymentName, build: 'first', drainedForMs: 0 };
  await expect(removeVersion(client, removal)).rejects.toThrow(/still ask for work/);
  await stopFirst();
  await expect(removeVersion(client, { ...removal, drainedForMs: drainMs(defaultWaits) })).rejects.toThrow(/for 13\./);
  await until(() => removeVersion(client, removal).then(yes, no));
  await until(async () => (await stateOf('first')) === undefined);
});

test('no transfer was lost or sent twice, no client had to repeat one, and no workflow task failed', async () => {
  const { pools, bank } = platform;
  const { decided, faults } = await clients.end();
  expect(faults).toEqual([]);
  // What the bad one left is a row, which the sweep finds and the second sends; its groups hold their version until they are ended.
  await platform.settled(decided);
  await keepVersions({ ...keep(), nowMs: Date.now() + 3_600_000 });
  expect(raised).toMatchObject([{ alarm: 'version_drains_long', build: 'third' }]);
  const { rows } = await pools.root.query<{ state: string; entries: number }>(
    `select transfer.state, count(entry.id)::int as entries
     from ledger.transfer left join ledger.entry on entry.transfer_id = transfer.id
     where transfer.id = any($1) group by transfer.id, transfer.state`,
    [decided],
  );
  expect(rows).toHaveLength(decided.length);
  expect(rows.filter(({ state, entries }) => state !== 'completed' || entries !== 1)).toEqual([]);
  expect(await breaches(pools.root, await bank.truth())).toEqual([]);
  expect(await failedTasks()).toEqual([]);
});

const yes = () => true;
const no = () => false;

/** Whether a refusal is the one that is waited for: workers are a moment late at Temporal's, and any other refusal is thrown on. */
const whenRefused =
  (expected: RegExp, holds = true) =>
  (error: unknown): boolean => {
    if (!(error instanceof Error)) throw error;
    if (/has no worker on|no worker of it/.test(error.message)) return false;
    if (holds && expected.test(error.message)) return true;
    throw error;
  };
