import { expect, test } from '@jest/globals';
import { plants } from '../../test/support/plants/index.ts';
import { type Proof, unshown } from '../../test/support/plants/unshown.ts';
import { checks } from './checks.ts';
import { invariants } from './invariants.ts';
import { ours, theirs } from './truth.ts';

const proof: Proof = { invariants, checks: [...checks, ours, theirs].map(({ name }) => name), plants };

test('every invariant has a check, every check has a planted fault, and every fault has a check', () => {
  expect(unshown(proof)).toEqual([]);
});

test('only these invariants are beyond what SQL sees', () => {
  const beyond = Object.entries(invariants).flatMap(([id, invariant]) => ('why' in invariant ? [id] : []));
  expect(beyond).toEqual(['I6', 'I7', 'I9', 'I15', 'I16', 'I18']);
});

test.each<[string, Partial<Proof>, string]>([
  ['a check', { checks: [...proof.checks, 'new'] }, 'no fault is planted for the check new'],
  [
    'the fault of a check that had one',
    { plants: plants.filter(({ check }) => check !== 'no-effect') },
    'no fault is planted for the check no-effect',
  ],
  [
    'the check of a fault',
    { plants: [...plants, { name: 'a fault', check: 'gone' }] },
    'the fault "a fault" names gone, which is no check',
  ],
  [
    'the name of a fault, which is told twice',
    { plants: [...plants, { name: 'a key is lost', check: 'keys' }] },
    'two faults of keys are called "a key is lost"',
  ],
  [
    'an invariant',
    { invariants: { ...invariants, I21: { holds: 'Something new.', checks: ['later'] } } },
    'no check shows the invariant I21',
  ],
  [
    'one of two checks of an invariant',
    { invariants: { ...invariants, I3: { holds: 'The sum.', checks: ['balances', 'holding'] } } },
    'the invariant I3 names holding, which is no check',
  ],
])('what is missing is said: %s', (_, change, sentence) => {
  expect(unshown({ ...proof, ...change })).toContain(sentence);
});
