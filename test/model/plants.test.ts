import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Pools, poolsOf } from '../support/fixtures/accounts.ts';
import { freshDatabase } from '../support/fixtures/database.ts';
import { setTerms } from '../support/fixtures/rail.ts';
import { inTime } from '../support/harness/in-time.ts';
import { terms } from './book/transfers.ts';
import { holdPlants, plants, racePlants } from './plants.ts';
import { compareAll } from './play/compare.ts';
import { type Play, startPlay } from './play/play.ts';
import { playHoldRound, playRound } from './play/rounds.ts';

const bound = inTime(300_000);

test.each(plants)(
  '%s: the play finds it',
  async (_, ...plant) => {
    expect(await differencesWith(plant, { turn: playRound, turns: 2_000, compareEvery: 10 })).not.toEqual([]);
  },
  bound,
);

test.each(holdPlants)(
  '%s: the play finds it',
  async (_, ...plant) => {
    expect(await differencesWith(plant, { turn: playHoldRound, turns: 2_000, compareEvery: 10 })).not.toEqual([]);
  },
  bound,
);

test.each(racePlants)(
  '%s: the race finds it',
  async (_, race, ...plant) => {
    expect(await differencesWith(plant, { turn: race, turns: 100, compareEvery: 1 })).not.toEqual([]);
  },
  bound,
);

type Text = [source: string, right: string, wrong: string];
type Course = { turn: (play: Play) => Promise<void>; turns: number; compareEvery: number };

/** What differs while the mistake is there, or what the database refuses to write. */
async function differencesWith([source, right, wrong]: Text, course: Course): Promise<string[]> {
  const text = readFileSync(new URL(`../../ledger/${source}`, import.meta.url), 'utf8');
  const part = text.split(/^(?=create or replace)/mu).find((one) => one.includes(right)) ?? '';
  expect(part).not.toBe('');
  // Of its own and not audited: what a mistake leaves in it is wrong.
  const database = await freshDatabase();
  const pools = poolsOf(database);
  try {
    await setTerms(pools, terms);
    await pools.root.query(`set search_path = ledger, pg_temp; ${part.replace(right, wrong)}; reset search_path`);
    return await playUntilDifferent(pools, course).catch((fault: unknown) => [String(fault)]);
  } finally {
    await pools.end();
    await database.drop();
  }
}

async function playUntilDifferent(pools: Pools, { turn, turns, compareEvery }: Course): Promise<string[]> {
  const play = await startPlay(pools, 1);
  for (let n = 0; n < turns && play.differences.length === 0; n += 1) {
    await turn(play);
    if (n % compareEvery === 0) await compareAll(play);
  }
  return play.differences;
}
