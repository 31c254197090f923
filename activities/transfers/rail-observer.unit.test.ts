import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { RailObservation } from '../../ledger/rails/observe.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { createRailObserver } from './rail-observer.ts';

const windowMs = 200;

/** An observer whose ledger records the calls. */
function observing() {
  const published: RailObservation['sources'][] = [];
  const observer = createRailObserver({
    ledger: {
      observeRail: async ({ sources }) => {
        published.push(sources);
        return { breaker: 'closed', banks: [] };
      },
    },
    rail: {
      name: 'instant',
      terms: { ...instantTerms, breakerWindowMs: windowMs },
      termsVersion: 1,
      submit: () => Promise.reject(new Error('not asked here')),
      inquire: () => Promise.reject(new Error('not asked here')),
    },
    log: { warn: () => {} },
  });
  return { published, observer };
}

const good = { isGood: true, tenant: 'ours', bank: 'a', tookMs: 5, isProbe: false };
const bad = { isGood: false, tenant: 'ours', bank: 'b', tookMs: 5, isProbe: false };

test('bad answers are published immediately, with the good ones of the same moment', async () => {
  const { published, observer } = observing();
  observer.record(good);
  observer.record(good);
  observer.record(bad);
  await observer.flush();
  const sum = (field: 'good' | 'bad') => published.flat().reduce((total, source) => total + source[field], 0);
  expect([sum('good'), sum('bad')]).toEqual([2, 1]);
  expect(published.at(-1)).toContainEqual({ tenant: 'ours', bank: 'b', good: 0, bad: 1, cost: 1 });
});

test('a failure costs more the longer it held its place', async () => {
  const { published, observer } = observing();
  for (const tookMs of [0, instantTerms.requestTimeoutMs / 2, instantTerms.requestTimeoutMs, 1_000_000]) {
    observer.record({ ...bad, tookMs });
    await observer.flush();
  }
  expect(published.flat().map(({ cost }) => cost)).toEqual([1, 3, 5, 5]);
});

test('good answers from before a pause longer than the window are not published', async () => {
  const { published, observer } = observing();
  observer.record(good);
  await observer.flush();
  observer.record(good);
  await sleep(windowMs * 2);
  observer.record(bad);
  await observer.flush();
  expect(published.at(-1)?.reduce((total, source) => total + source.good, 0)).toBe(0);
});

test('more sources than are told apart still count for the rail', async () => {
  const { published, observer } = observing();
  observer.record(good);
  await observer.flush();
  for (let n = 0; n < 600; n += 1) observer.record({ ...good, bank: `bank ${n}` });
  observer.record(bad);
  await observer.flush();
  const last = published.at(-1) ?? [];
  expect(last.length).toBeLessThanOrEqual(501);
  expect(last.reduce((total, source) => total + source.good + source.bad, 0)).toBe(601);
});
