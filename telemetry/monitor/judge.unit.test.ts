import { expect, test } from '@jest/globals';
import { judge, type Reading } from './judge.ts';

const expected = {
  queues: ['groups', 'rail-instant'],
  runs: { sweep: 45_000, hold_expiry: 45_000, statements: 45_000, archive: 675_000 },
};
const atWork: Reading = {
  nowMs: 0,
  isReadOnly: false,
  queueAgesMs: { groups: 4_000, 'rail-instant': 1_000 },
  runAgesMs: { sweep: 19_000, hold_expiry: 19_000, statements: 19_000, archive: 299_000 },
  rails: [{ name: 'instant', breaker: 'open', isPaused: false, probeLateMs: 2_000, lateMs: { unknown: 299_000 } }],
  monthsAhead: 2,
  feedBehindMs: 44_000,
  holdsLateMs: 600_000,
};

/** Who else was at work a moment ago. */
const others = { sweep: 1, hold_expiry: 1, statements: 0, archive: 0 };

const found = (reading: Partial<Reading>, clockMs = 0) =>
  judge({ ...atWork, ...reading }, expected, clockMs).map(({ alarm, about, forMs }) => [alarm, about, forMs]);

test('nothing is found while everybody is at work', () => {
  expect(found({}, 14_000)).toEqual([]);
});

test.each<[string, Partial<Reading>, number, unknown[]]>([
  [
    'a queue whose worker went',
    { queueAgesMs: { groups: 26_000, 'rail-instant': 0 } },
    0,
    ['workers_missing', 'groups', 26_000],
  ],
  ['a queue that never had one', { queueAgesMs: { groups: 0 } }, 0, ['workers_missing', 'rail-instant', null]],
  [
    'one that was seen in the future',
    { queueAgesMs: { groups: null, 'rail-instant': 0 } },
    0,
    ['workers_missing', 'groups', null],
  ],
  ['a sweep that does not finish', { runAgesMs: { ...others, sweep: 46_000 } }, 0, ['sweep_late', 'sweep', 46_000]],
  [
    'a sweep that never did',
    { runAgesMs: { hold_expiry: 0, statements: 0, archive: 0 } },
    0,
    ['sweep_late', 'sweep', null],
  ],
  ['a clock behind', {}, 16_000, ['clocks_differ', '', null]],
  ['a clock ahead', {}, -16_000, ['clocks_differ', '', null]],
  ['a standby', { isReadOnly: true }, 0, ['database_read_only', '', null]],
  [
    'an expiry of holds that does not finish',
    { runAgesMs: { ...others, hold_expiry: 46_000 } },
    0,
    ['hold_expiry_late', 'hold_expiry', 46_000],
  ],
  [
    'a look for statements that does not finish',
    { runAgesMs: { ...others, statements: 136_000 } },
    0,
    ['statement_runs_late', 'statements', 136_000],
  ],
  [
    'an archive that does not go on',
    { runAgesMs: { ...others, archive: 676_000 } },
    0,
    ['archive_late', 'archive', 676_000],
  ],
  ['holds that should have expired', { holdsLateMs: 600_001 }, 0, ['holds_overdue', '', 600_001]],
  ['a feed that waits for a transaction', { feedBehindMs: 46_000 }, 0, ['feed_behind', '', 46_000]],
  ['partitions that run out', { monthsAhead: 1 }, 0, ['partitions_missing', '', null]],
  [
    'an inquiry that nobody makes',
    { rails: [{ name: 'instant', breaker: 'closed', isPaused: false, probeLateMs: 0, lateMs: { unknown: 301_000 } }] },
    0,
    ['transfers_overdue', 'instant unknown', 301_000],
  ],
  [
    'a probe that nobody sends',
    { rails: [{ name: 'instant', breaker: 'open', isPaused: false, probeLateMs: 61_000, lateMs: {} }] },
    0,
    ['probe_late', 'instant', 61_000],
  ],
])('%s is found', (_, reading, clockMs, finding) => {
  expect(found(reading, clockMs)).toEqual([finding]);
});
