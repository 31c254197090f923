import { expect, test } from '@jest/globals';
import { workflowTypes } from './contract/names.ts';
import { versionedQueues, versioningBehaviors } from './contract/versioning.ts';
import * as workflows from './versioned.ts';

const declared = (workflow: object): unknown =>
  'workflowDefinitionOptions' in workflow ? workflow.workflowDefinitionOptions : null;

test('every workflow tells Temporal what the table says of its versions', () => {
  const found = Object.fromEntries(Object.entries(workflows).map(([name, workflow]) => [name, declared(workflow)]));
  const wanted = Object.entries(versioningBehaviors).map(([name, versioningBehavior]) => [
    name,
    { versioningBehavior },
  ]);
  expect(found).toEqual(Object.fromEntries(wanted));
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(workflowTypes).toSorted());
});

test('only what has an id of its own is pinned: a schedule or a start never waits for a run whose version is gone', () => {
  const pinned = Object.entries(versioningBehaviors).filter(([, behavior]) => behavior === 'PINNED');
  expect(pinned.map(([name]) => name)).toEqual(['transferGroup', 'dueGroup']);
  expect(versionedQueues).not.toContain('rail-instant');
});
