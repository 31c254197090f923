import { expect, test } from '@jest/globals';
import { backlogMetrics } from '../../infra/observability/names.ts';
import { workerRoles as kindsOnAws } from '../../infra/workers/kinds.ts';
import { networkNames } from '../../rails/index.ts';
import { alwaysAtWork } from '../../workflows/contract/upkeep.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { queuesOf, workerKinds } from './kinds.ts';
import { sumOf } from './measure.ts';

test('the kinds of worker are those that AWS has, with the same roles', () => {
  expect(workerKinds).toEqual(kindsOnAws);
});

test('the kinds measure every task queue of the platform, each once', () => {
  const measured = [...queuesOf('transfers'), ...queuesOf('records')];
  expect(measured.toSorted()).toEqual(alwaysAtWork(networkNames, defaultWaits).queues.toSorted());
});

test('a line has the names and the dimension that AWS scales by', () => {
  const backlog = { count: 3, ageSeconds: 2.5, addRate: 1, dispatchRate: 0.5, isRateLimited: true };
  const line = embeddedMetrics('records', backlog, { namespace: 'Quittance/staging', at: 1_000 });
  expect(line).toMatchObject({
    service: 'records',
    [backlogMetrics.count]: 3,
    [backlogMetrics.ageSeconds]: 2.5,
    TaskQueueRateLimited: 1,
  });
  const { _aws: directives } = line;
  const [directive] = directives.CloudWatchMetrics;
  expect(directive).toMatchObject({ Namespace: 'Quittance/staging', Dimensions: [['service']] });
  // CloudWatch takes a metric only where its name is a member of the line.
  for (const { Name } of directive?.Metrics ?? []) expect(line).toHaveProperty(Name, expect.any(Number));
});

test('counts and rates add up, the oldest is the oldest of all, and one limited queue limits its kind', () => {
  const one = { count: 2, ageSeconds: 5, addRate: 1, dispatchRate: 1, isRateLimited: false };
  const other = { count: 3, ageSeconds: 60, addRate: 0.5, dispatchRate: 0, isRateLimited: true };
  expect(sumOf([one, other])).toEqual({
    ...{ count: 5, ageSeconds: 60, addRate: 1.5, dispatchRate: 1, isRateLimited: true },
  });
  expect(sumOf([])).toMatchObject({ count: 0, ageSeconds: 0 });
});
