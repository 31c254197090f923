import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { aTransfer, toBank } from '../test/support/fixtures/accounts.ts';
import { type Platform, startInProcess } from '../test/support/harness/in-process.ts';
import { until } from '../test/support/harness/in-time.ts';
import { root } from '../test/support/tree.ts';
import { workflowBundle } from './bundle.ts';
import { replaySample } from './replay-sample.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess();
  await platform.accept('book', [aTransfer(platform.accounts, { amount: '1' })]);
  await platform.accept('instant', [toBank(platform.accounts, { amount: '1' })]);
  await platform.settled();
});
afterAll(() => platform.end());

const dataConverter = () => platform.client.options.dataConverter ?? {};
const listed = async (query: string): Promise<number> => (await platform.client.workflow.count(query)).count;

/** A bundle of the workflows in which a group starts inquiries before it submits. */
async function reordered(): Promise<{ code: string }> {
  // Below the root, because that is where its imports are found.
  await mkdir(join(root, '.test'), { recursive: true });
  const copy = await mkdtemp(join(root, '.test/replay-'));
  try {
    for (const folder of ['workflows', 'domain']) await cp(join(root, folder), join(copy, folder), { recursive: true });
    const path = join(copy, 'workflows/transfers/carry.ts');
    const source = await readFile(path, 'utf8');
    const submitted = 'const round = await submitOrPutOff(';
    const earlier = `await steps.startInquiries({ ids: left, waits });\n    ${submitted}`;
    await writeFile(path, source.replace(submitted, earlier));
    return await bundleWorkflowCode({
      workflowsPath: join(copy, 'workflows/index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

test('the runs of a server replay with the code of this tree, open and ended ones', async () => {
  const bundle = await workflowBundle(dataConverter());
  // The index of workflows is written a moment after the workflows: until then a group that has ended counts as open.
  await until(async () => (await listed("ExecutionStatus = 'Running'")) >= 2);
  await until(async () => (await listed("ExecutionStatus != 'Running' AND WorkflowType = 'transferGroup'")) >= 2);
  const { replayed, stopped } = await replaySample(platform.client, {
    bundle,
    dataConverter: dataConverter(),
    perQuery: 50,
  });
  expect(stopped).toEqual([]);
  // A dispatcher of each rail is open, and two groups have ended.
  expect(replayed).toBeGreaterThanOrEqual(4);
  expect((await replaySample(platform.client, { bundle, dataConverter: dataConverter(), perQuery: 1 })).replayed).toBe(
    2,
  );
});

test('those that would stop with other code are named', async () => {
  const { stopped } = await replaySample(platform.client, {
    ...{ bundle: await reordered(), dataConverter: dataConverter(), perQuery: 50 },
  });
  expect(stopped).toEqual([
    { workflowId: expect.stringMatching(/^group\/instant\//), runId: expect.any(String), reason: expect.any(String) },
  ]);
});
