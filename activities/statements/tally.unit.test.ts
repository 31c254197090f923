import { expect, jest, test } from '@jest/globals';
import { StorageFault } from '../../storage/fault.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { createStorageWatch } from './storage-watch.ts';
import { createTally } from './tally.ts';
import { statementTerms } from './terms.ts';

const away = new StorageFault('unreachable', 'nothing answers');
const watch = () => {
  const { alarms, raised } = listenForAlarms();
  return { storage: createStorageWatch({ alarms, terms: statementTerms }), raised };
};

test('counts what was made and what was put off, and nothing that was given back', () => {
  const { storage } = watch();
  const tally = createTally(storage);
  for (const finish of ['made', 'putOff', 'made', 'givenBack', away] as const) tally.count(finish);
  expect(tally.counts()).toEqual({ made: 2, putOff: 2 });
  expect(storage.isAway()).toBe(false);
});

test('a store that fails three times in a row is away, in however many steps: nothing is tried for a while, and it is an alarm', () => {
  const { storage, raised } = watch();
  const steps = [createTally(storage), createTally(storage), createTally(storage)];
  steps[0]?.count(away);
  steps[0]?.count('made');
  for (const step of steps.slice(0, 2)) step.count(away);
  expect([storage.isAway(), raised]).toEqual([false, []]);
  steps[2]?.count(away);
  expect(storage.isAway()).toBe(true);
  expect(raised.map(({ alarm }) => alarm)).toEqual(['storage_away']);
  steps[1]?.count('made');
  expect(storage.isAway()).toBe(false);
});

test('a look raises the alarm while statements wait, and none once nothing waited: others have kept it', () => {
  const raise = jest.fn();
  const storage = createStorageWatch({ alarms: { raise }, terms: statementTerms });
  for (let n = 0; n < 3; n += 1) storage.failed(away);
  raise.mockClear();
  storage.look(1);
  expect(raise).toHaveBeenCalledTimes(1);
  storage.look(0);
  storage.look(1);
  expect([storage.isAway(), raise.mock.calls.length]).toEqual([false, 1]);
});
