import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../test/support/harness/in-time.ts';
import { type StandbyWatch, watchStandby } from './watch.ts';

type Answer = () => Promise<bigint | null>;
const at =
  (position: bigint | null): Answer =>
  () =>
    Promise.resolve(position);
const away = (): Promise<never> => Promise.reject(new Error('away'));
const silent = () => new Promise<never>(() => {});
let watch: StandbyWatch;
afterEach(() => watch.end());

/** A watch whose servers answer so, after some looks. */
async function watched(primary: Answer, standby: Answer): Promise<StandbyWatch> {
  let looks = 0;
  watch = watchStandby({
    readPrimary: async () => (await primary()) ?? 0n,
    readStandby: standby,
    onState: () => {
      looks += 1;
    },
    lagMaxMs: 1_000_000,
    terms: { lookEveryMs: 5, answerMs: 10 },
  });
  await until(() => looks > 2);
  return watch;
}

test.each([
  ['has all', at(7n), at(7n), 'ok', 7n],
  ['is ahead of what was asked', at(7n), at(9n), 'ok', 7n],
  ['lacks what the primary had', at(7n), at(6n), 'behind', null],
  ['is no standby', at(7n), at(null), 'away', null],
  ['fails', at(7n), away, 'away', null],
  ['is silent', at(7n), silent, 'away', null],
  ['has a primary of which nothing is known', away, at(7n), 'away', null],
] as const)('a standby that %s', async (_, primary, standby, state, needed) => {
  const found = await watched(primary, standby);
  expect([found.state(), found.needed()]).toEqual([state, needed]);
});

test('after a read found it gone, nobody tries before the next look', async () => {
  let isThere = true;
  const found = await watched(at(7n), () => (isThere ? at(7n)() : silent()));
  isThere = false;
  found.isGone();
  expect(found.needed()).toBeNull();
});
