import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { RailObservation } from '../../ledger/rails/observe.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { createRailObserver } from './rail-observer.ts';

const windowMs = 200;

/** An observer whose ledger only remembers what it was told. */
function observing() {
  const told: Pick<RailObservation, 'good' | 'bad' | 'badSources'>[] = [];
  const observer = createRailObserver({
    ledger: {
      observeRail: async ({ good, bad, badSources }) => {
        told.push({ good, bad, badSources });
        return 'closed';
      },
    },
    rail: {
      name: 'instant',
      terms: { ...instantTerms, breakerWindowMs: windowMs },
      submit: () => Promise.reject(new Error('not asked here')),
      inquire: () => Promise.reject(new Error('not asked here')),
    },
    log: { warn: () => {} },
  });
  return { told, observer };
}

const good = { isGood: true, source: 'ours/a', isProbe: false };
const bad = { isGood: false, source: 'ours/b', isProbe: false };

test('bad answers are told at once, with the good ones that came beside them', async () => {
  const { told, observer } = observing();
  observer.note(good);
  observer.note(good);
  observer.note(bad);
  await observer.told();
  const sum = (field: 'good' | 'bad') => told.reduce((total, observation) => total + observation[field], 0);
  expect([sum('good'), sum('bad'), told.at(-1)?.badSources]).toEqual([2, 1, ['ours/b']]);
});

test('good answers from before a silence longer than the window are not told as of now', async () => {
  const { told, observer } = observing();
  observer.note(good);
  await observer.told();
  observer.note(good);
  await sleep(windowMs * 2);
  observer.note(bad);
  await observer.told();
  expect(told.at(-1)).toEqual({ good: 0, bad: 1, badSources: ['ours/b'] });
});
