import { expect, test } from '@jest/globals';
import { freshLedger } from '../support/fixtures/ledger.ts';
import { setTerms } from '../support/fixtures/rail.ts';
import { inTime } from '../support/harness/in-time.ts';
import { terms } from './book/transfers.ts';
import { compareAll } from './play/compare.ts';
import { startPlay } from './play/play.ts';
import { raceHolds } from './races/holds.ts';
import { racePeriods } from './races/periods.ts';
import { raceTransfers } from './races/transfers.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

// No worker is there to inquire in time.
const { pools } = freshLedger({ mayViolate: ['overdue'] });

test.each([
  ['transfers', 30, raceTransfers],
  ['holds', 20, raceHolds],
  ['periods', 20, racePeriods],
])(
  `calls at once are as if they had come in the order of their commits, seed ${seed}: %s, %s rounds`,
  async (_, rounds, race) => {
    await setTerms(pools, terms);
    const play = await startPlay(pools, seed);
    for (let round = 0; round < rounds && play.differences.length === 0; round += 1) {
      await race(play);
      await compareAll(play);
    }
    expect({ seed, differences: play.differences.slice(0, 3) }).toEqual({ seed, differences: [] });
  },
  inTime(300_000),
);
