import { setOneOverdraft, setOneStatus } from './accounts.ts';
import { postSome } from './entries.ts';
import { captureOften, captureSome, endSome, expireAll, holdSome, releaseSome } from './holds.ts';
import { closeOne } from './periods.ts';
import type { Play } from './play.ts';
import { claimSome, reportSome, wait } from './sends.ts';
import { cancelSome, dispatchSome, reserveSome } from './transfers.ts';

/** Every call as often as it stands here. */
const calls = [
  ...[reserveSome, reserveSome, reserveSome, claimSome, claimSome, reportSome, reportSome, wait, postSome],
  ...[holdSome, captureSome, captureSome, releaseSome],
];
const holdCalls = [reserveSome, postSome, holdSome, captureSome, captureSome, releaseSome];
const rareHoldCalls = [endSome, expireAll, closeOne];
const rareCalls = [dispatchSome, cancelSome, setOneStatus, setOneStatus, endSome, expireAll, closeOne];

/** One call of one verb, with a batch of random commands: both sides take it, and what they answer is compared. */
export async function playRound(play: Play): Promise<void> {
  await play.choose.one(calls)(play);
  if (play.choose.chance(24)) await play.choose.one(rareCalls)(play);
  if (play.choose.chance(10)) await setOneOverdraft(play);
  if (play.choose.number(300) === 0) await captureOften(play);
}

/** The same about holds and periods alone, beside transfers and entries that bring the money. */
export async function playHoldRound(play: Play): Promise<void> {
  await play.choose.one(holdCalls)(play);
  if (play.choose.chance(30)) await play.choose.one(rareHoldCalls)(play);
}
