import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { RailObservation } from '../../ledger/rails/observe.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { createRailObserver } from './rail-observer.ts';

const windowMs = 200;

/** An observer whose ledger records the calls. */
function observing() {
  const published: Pick<RailObservation, 'good' | 'bad' | 'badSources'>[] = [];
  const observer = createRailObserver({
    ledger: {
      observeRail: async ({ good, bad, badSources }) => {
        published.push({ good, bad, badSources });
        return 'closed';
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

const good = { isGood: true, source: 'ours/a', isProbe: false };
const bad = { isGood: false, source: 'ours/b', isProbe: false };

test('bad answers are published immediately, with the good ones of the same moment', async () => {
  const { published, observer } = observing();
  observer.record(good);
  observer.record(good);
  observer.record(bad);
  await observer.flush();
  const sum = (field: 'good' | 'bad') => published.reduce((total, observation) => total + observation[field], 0);
  expect([sum('good'), sum('bad'), published.at(-1)?.badSources]).toEqual([2, 1, ['ours/b']]);
});

test('good answers from before a pause longer than the window are not published', async () => {
  const { published, observer } = observing();
  observer.record(good);
  await observer.flush();
  observer.record(good);
  await sleep(windowMs * 2);
  observer.record(bad);
  await observer.flush();
  expect(published.at(-1)).toEqual({ good: 0, bad: 1, badSources: ['ours/b'] });
});
