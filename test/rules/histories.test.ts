import { expect, test } from '@jest/globals';
import { exportsOf } from '../support/syntax.ts';
import { files, sources } from '../support/tree.ts';

/** A workflow without a recorded history can be broken for the transfers that are in flight, and no test would notice. */
const workflows = sources(['workflows'])
  .filter((file) => file === 'workflows/index.ts')
  .flatMap((file) => exportsOf(file));
const histories = files(/^test\/histories\/.*\.json$/).map((file) => file.replace('test/histories/', ''));

test('there are workflows, and histories of them', () => {
  expect(workflows).toContain('transferGroup');
  expect(histories.length).toBeGreaterThan(0);
});

test.each(workflows)('%s has a recorded history in test/histories', (workflow) => {
  expect(histories.filter((file) => file.includes(`.${workflow}.`))).not.toEqual([]);
});
