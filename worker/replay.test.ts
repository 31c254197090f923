import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aTransfer, toBank } from '../test/support/fixtures/accounts.ts';
import { changedWorkflows } from '../test/support/harness/changed-workflows.ts';
import { type Platform, startInProcess } from '../test/support/harness/in-process.ts';
import { until } from '../test/support/harness/in-time.ts';
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

/** The workflows with a group that starts inquiries before it submits. */
function reordered(): Promise<{ code: string }> {
  const text = 'const round = await submitOrPutOff(';
  const instead = `await steps.startInquiries({ ids: left, waits });\n    ${text}`;
  return changedWorkflows([{ file: 'transfers/carry.ts', text, instead }]);
}

test('the runs of a server replay with the code of this tree, open and ended ones', async () => {
  const bundle = await workflowBundle({ dataConverter: dataConverter() });
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
