import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../ledger/call.ts';
import { type Call, learned, missing, shapeOf, withNames } from './calls.ts';
import type { Names, StoryPools } from './names.ts';

/** Tries, one a second: longer than another test keeps a transaction open. */
const patientTries = 120;
/** News of a feed, a cut and a segment are behind the oldest transaction of the server, and other tests write to it. */
const patient = /feeds_with_news|cut_statements|begin_archive_segment/;

/** Makes the calls of a release again, under the names of another run. Returns where an answer has not what its programs read of it. */
export async function replay(calls: readonly Call[], pools: StoryPools, names: Names): Promise<string[]> {
  const complaints: string[] = [];
  for (const one of calls) {
    let found = await replayOne(one, pools, names);
    const tries = patient.test(one.text) ? patientTries : 0;
    for (let n = 0; n < tries && found.length > 0; n += 1) {
      await sleep(1_000);
      found = await replayOne(one, pools, names);
    }
    complaints.push(...found);
  }
  return complaints;
}

async function replayOne({ role, text, values, answer }: Call, pools: StoryPools, names: Names): Promise<string[]> {
  const found = await call<unknown>(pools[role], text, withNames(values, names));
  Object.assign(names, learned(text, found));
  return missing(answer, shapeOf(found)).map((complaint) => `${text}: ${complaint}`);
}
