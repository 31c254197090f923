import { expect, test } from '@jest/globals';
import { freshLedger } from '../support/fixtures/ledger.ts';
import { setTerms } from '../support/fixtures/rail.ts';
import { inTime } from '../support/harness/in-time.ts';
import { terms } from './book/transfers.ts';
import { compareAll } from './play/compare.ts';
import { startPlay } from './play/play.ts';
import { playRound } from './play/rounds.ts';

/** `SEED=… npm run jest -- test/model` plays the same commands again. */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const commands = 10_000;

// No worker is there to inquire in time.
const { pools } = freshLedger({ mayViolate: ['overdue'] });

test(
  `${commands} commands: the database decides as the model does, seed ${seed}`,
  async () => {
    await setTerms(pools, terms);
    const play = await startPlay(pools, seed);
    for (let round = 0; play.commands < commands && play.differences.length === 0; round += 1) {
      await playRound(play);
      if (round % 50 === 0) await compareAll(play);
    }
    await compareAll(play);
    expect({ seed, differences: play.differences.slice(0, 3) }).toEqual({ seed, differences: [] });
    expect(play.commands).toBeGreaterThanOrEqual(commands);
  },
  inTime(300_000),
);
