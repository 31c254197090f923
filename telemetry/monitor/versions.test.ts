import { expect, test } from '@jest/globals';
import { buildsAt, judgeVersions } from './versions.ts';

const goneMs = 25_000;
const found = (routed: string[], queueAgesMs: Record<string, number | null>) =>
  judgeVersions({ groups: routed }, queueAgesMs, goneMs).map(({ alarm, about, facts }) => ({ alarm, about, ...facts }));

test('the builds of a queue are those whose workers were seen lately', () => {
  const ages = { groups: 1, 'groups@a': 25_000, 'groups@b': 25_001, 'groups@c': null, 'groups@': 0, 'upkeep@d': 0 };
  expect(buildsAt('groups', ages, goneMs)).toEqual(['a', '']);
});

test.each<[string, string[], Record<string, number | null>]>([
  ['workers without a version, as on one machine', [''], { 'groups@': 1 }],
  ['the release before this one, which says nothing of versions', [''], { groups: 1 }],
  ['a version beside the one that gets the work', ['a'], { 'groups@a': 1, 'groups@b': 1 }],
  ['a share for one whose workers are there', ['a', 'b'], { 'groups@a': 1, 'groups@b': 1 }],
  ['no worker at all, which is another alarm', ['a'], { 'groups@a': 26_000 }],
])('%s is as it should be', (_, routed, ages) => {
  expect(found(routed, ages)).toEqual([]);
});

test.each<[string, string[], Record<string, number | null>, string[]]>([
  ['no version was made current', [''], { 'groups@a': 1 }, ['a']],
  ['the workers of the current one were stopped', ['a'], { 'groups@a': 26_000, 'groups@b': 1 }, ['b']],
  ['those of the one with a share were', ['a', 'b'], { 'groups@a': 1, 'groups@b': null }, ['a']],
])('%s: an alarm', (_, routed, ages, present) => {
  expect(found(routed, ages)).toEqual([
    { alarm: 'version_not_routed', about: 'groups', queue: 'groups', routed, present },
  ]);
});
