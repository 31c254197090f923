import { expect, test } from '@jest/globals';
import { withSlotUse } from './slot-use.ts';

const line = (which: string, type: string, count: number, queue = 'groups') =>
  `temporal_worker_task_slots_${which}{namespace="default",service_name="temporal-core-sdk",task_queue="${queue}",worker_type="${type}"} ${count}\n`;
const added = (page: string) => withSlotUse(page).slice(page.length);

test.each([
  ['the kind of task that uses the most counts', [10, 30, 50, 0], 'groups"} 1\n'],
  ['nothing is used', [0, 40, 0, 50], 'groups"} 0\n'],
  ['a quarter is used', [10, 30, 10, 40], 'groups"} 0.25\n'],
])('%s', (_, [workflowsUsed = 0, workflowsFree = 0, activitiesUsed = 0, activitiesFree = 0], expected) => {
  const page = [
    line('used', 'WorkflowWorker', workflowsUsed),
    line('available', 'WorkflowWorker', workflowsFree),
    line('used', 'ActivityWorker', activitiesUsed),
    line('available', 'ActivityWorker', activitiesFree),
  ].join('');
  expect(added(page)).toContain(`quittance_worker_slots_used{queue="${expected}`);
});

test('each queue has its own figure, and a page without slots is left as it is', () => {
  const page = [
    line('available', 'ActivityWorker', 10),
    line('used', 'ActivityWorker', 5, 'rail-instant'),
    line('available', 'ActivityWorker', 5, 'rail-instant'),
  ].join('');
  expect(added(page)).toMatch(/\{queue="groups"\} 0\nquittance_worker_slots_used\{queue="rail-instant"\} 0.5\n$/);
  expect(withSlotUse('')).toBe('');
  expect(withSlotUse('other 1\n')).toBe('other 1\n');
});
