import { expect, test } from '@jest/globals';
import { msLeft, type StatementPace } from './statement-pace.ts';

const run: StatementPace = { accounts: 100_001, ready: 61_204, pace: null, perMinute: 4_312 };

test.each<[string, Partial<StatementPace>, number | null]>([
  ['at the speed of the last minutes', {}, 539_847],
  ['all are ready', { ready: 100_001 }, 0],
  ['more than were cut', { ready: 100_002, perMinute: 0 }, 0],
  ['none became ready lately', { perMinute: 0 }, null],
  ['nobody can say how many', { perMinute: null }, null],
  ['paused', { pace: 0 }, null],
  ['at a pace', { pace: 600, perMinute: 600 }, 3_879_700],
])('how long it takes: %s', (_, change, ms) => {
  expect(msLeft({ ...run, ...change })).toBe(ms);
});
