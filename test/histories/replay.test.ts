import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../../worker/bundle.ts';
import { workflowTypes } from '../../workflows/contract/names.ts';
import { scenarios } from './scenarios.ts';

/**
 * Runs that are open somewhere must go on with today's code. Red here: the order of steps changed. Keep the old order
 * behind `patched(…)` (docs/how-to/change-a-workflow.md), or record again what never ran in production.
 */
const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
const root = join(import.meta.dirname, '../..');
const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.json')).toSorted();

let bundle: WorkflowBundleOption;
beforeAll(async () => {
  bundle = await workflowBundle();
});
afterAll(() => Runtime.instance().shutdown());

test.each(files)('%s replays', async (file) => {
  await replay(file, bundle);
});

test('every scenario and every workflow has a history', () => {
  expect(Object.keys(scenarios).filter((name) => !files.some((file) => file.startsWith(`${name}.`)))).toEqual([]);
  expect(Object.keys(workflowTypes).filter((type) => !files.some((file) => file.includes(`.${type}.`)))).toEqual([]);
});

test('a step that comes earlier than it did turns the replay red', async () => {
  // Below the root, because that is where its imports are found.
  await mkdir(join(root, '.test'), { recursive: true });
  const copy = await mkdtemp(join(root, '.test/reordered-'));
  try {
    for (const folder of ['workflows', 'domain']) await cp(join(root, folder), join(copy, folder), { recursive: true });
    const path = join(copy, 'workflows/transfers/carry.ts');
    const source = await readFile(path, 'utf8');
    const submitted = 'const round = await submitOrPutOff(';
    expect(source).toContain(submitted);
    await writeFile(path, source.replace(submitted, `await steps.startInquiries({ ids: left, waits });\n    ${submitted}`));
    const reordered = await bundleWorkflowCode({ workflowsPath: join(copy, 'workflows/index.ts'), logger });
    await expect(replay('unknown-accepted.transferGroup.1.json', reordered)).rejects.toThrow(DeterminismViolationError);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

async function replay(file: string, code: WorkflowBundleOption): Promise<void> {
  const { workflowId, history } = JSON.parse(await readFile(join(import.meta.dirname, file), 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: code, replayName: file }, history, workflowId);
}
