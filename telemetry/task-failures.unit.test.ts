import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { watchTaskFailures } from './task-failures.ts';

const line = (reason: string, count: number) =>
  `temporal_workflow_task_execution_failed_total{failure_reason="${reason}",namespace="default",task_queue="groups"} ${count}`;

/** What is raised when the pages of these counts are read one after the other, the last one again and again. */
async function raisedOver(counts: number[], reason = 'NonDeterminismError'): Promise<unknown[]> {
  const raised: unknown[] = [];
  const pages = counts.map((count) => (count === 0 ? '' : `# HELP x\n${line(reason, count)}\n${line('Other', 1)}`));
  let reads = 0;
  const end = watchTaskFailures({
    read: async () => pages[Math.min(reads++, pages.length - 1)] ?? '',
    alarms: { raise: (what, facts) => void raised.push([what, facts]) },
    everyMs: 1,
  });
  while (reads < pages.length + 5) await sleep(1);
  end();
  return raised;
}

test('a task that fails again and again is an alarm with its reason', async () => {
  expect((await raisedOver([0, 1, 2, 3]))[0]).toEqual([
    'workflow_task_fails',
    { reason: 'NonDeterminismError', failures: 3 },
  ]);
  expect((await raisedOver([0, 1, 4], 'GrpcMessageTooLarge'))[0]).toEqual([
    'workflow_task_fails',
    { reason: 'GrpcMessageTooLarge', failures: 4 },
  ]);
});

test.each([
  ['none', [0, 0]],
  ['one', [0, 1, 1]],
  ['two, as after a worker was frozen', [0, 1, 2]],
  ['three at one look, of one accident', [0, 3]],
])('%s is no alarm', async (_, counts) => {
  expect(await raisedOver(counts)).toEqual([]);
});
