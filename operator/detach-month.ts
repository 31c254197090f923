import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ExplainedError } from '../config/explain-error.ts';
import { type DetachRefusal, detachRefusals } from '../domain/detaching.ts';
import { beginDetaching } from '../ledger/months/begin-detaching.ts';
import { detachMonth } from '../ledger/months/detach.ts';
import { keepRows } from '../ledger/months/keep-rows.ts';
import { actor } from './owner.ts';

/** Rows of one commit: a second or two of work, which nobody waits for. */
const keptPageRows = 10_000;
/** How long a page may take where the month is on a cold disk: most of what it looks for is in no cache. */
export const pageMaxMs = 60_000;
/** For how long those who post may wait for the lock under which a month goes, in milliseconds: less than they wait for any lock (`drizzle/session.ts`). */
export const lockWaitMs = 100;
/** How often the lock is tried for, a second apart: on a book that is never idle for so long, try it at night. */
const lockTriesMax = 120;
/** Between two tries, in milliseconds: those who waited go on. */
const lockPauseMs = 1_000;

/** How far the clocks of the database and of this program may be apart, in milliseconds. */
const clocksApartMs = 60_000;

/** `slow`: a pool whose statements may take as long as a page; absent: the other one. `now`: this program's clock, in milliseconds since 1970. */
export type Detaching = {
  month: string;
  keep: number;
  pageRows?: number;
  slow?: pg.Pool;
  say?: (row: string) => void;
  now?: () => number;
};

/**
 * Detaches a month: keeps what must go on answering, page by page, and then moves its tables away. Killed anywhere, the same command goes on
 * where it was. Throws an explained error where the month may not go, with why not and what to do.
 */
export async function detachWhole(
  pool: pg.Pool,
  { month, keep, pageRows = keptPageRows, slow = pool, say = () => {}, now = Date.now }: Detaching,
): Promise<'detached' | 'again'> {
  await refuseOtherClock(pool, now);
  const begun = await withLock(() => beginDetaching(pool, { month, keep, actor }));
  if (begun.result === 'refused') throw refusal(month, begun.refusals);
  if (begun.result === 'detached') return 'again';
  say(begun.result === 'begun' ? `${month}: begun` : `${month}: goes on`);
  await keepAll(slow, { month, pageRows, say });
  const done = await withLock(() => detachMonth(pool, { month, keep, waitMs: lockWaitMs, actor }));
  if (done.result === 'refused') throw refusal(month, done.refusals);
  if (done.result === 'not_kept') throw givenUp(month);
  return done.result === 'again' ? 'again' : 'detached';
}

/** Which month is old enough is told by the database's clock, and processes answer by theirs for what is younger without asking: one of them would be wrong. */
async function refuseOtherClock(pool: pg.Pool, now: () => number): Promise<void> {
  const { rows } = await pool.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  const aheadMs = (rows[0]?.ms ?? 0) - now();
  if (Math.abs(aheadMs) <= clocksApartMs) return;
  const apart = `${Math.round(Math.abs(aheadMs) / 1_000)} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  throw new ExplainedError(
    `Nothing was detached: the database's clock is ${apart} this program's, and which months are old enough is told by clocks. Set the wrong one, then run the same command again.`,
  );
}

type Keeping = { month: string; pageRows: number; say: (row: string) => void };

async function keepAll(pool: pg.Pool, { month, pageRows, say }: Keeping): Promise<void> {
  for (let step = 'postings'; ; ) {
    const kept = await withLock(() => keepRows(pool, { month, rows: pageRows }));
    if (kept.result === 'whole') return;
    if (kept.result !== 'more') throw kept.result === 'not_begun' ? givenUp(month) : refusal(month, [kept.result]);
    if (kept.step === step) continue;
    step = kept.step;
    say(
      `${month}: ${kept.postings} postings, ${kept.entries} entries and ${kept.events} events are read; next: ${step}`,
    );
  }
}

/** Tries for a lock that others hold as a rule, for a moment each time, so that nobody waits for longer than that. */
export async function withLock<T extends { result: string }>(work: () => Promise<T | Busy>): Promise<T> {
  for (let tries = 1; tries <= lockTriesMax; tries += 1) {
    const done = await work();
    if (!isBusy(done)) return done;
    await sleep(lockPauseMs);
  }
  throw new ExplainedError(
    `The tables were not free for a moment in ${lockTriesMax} tries. Everything is kept: run the same command again when there is less to do, or look for a transaction that stays open.`,
  );
}

type Busy = { result: 'busy' };
const isBusy = (done: { result: string }): done is Busy => done.result === 'busy';

const givenUp = (month: string): ExplainedError =>
  new ExplainedError(`${month} was given up by \`months attach\` meanwhile: begin again.`);

const refusal = (month: string, codes: readonly DetachRefusal[]): ExplainedError =>
  new ExplainedError([`${month} stays attached:`, ...codes.map(reasonText)].join('\n'));

/** A code with why, and what to do. */
export const reasonText = (code: DetachRefusal): string =>
  `  ${code}: ${detachRefusals[code].because}; ${detachRefusals[code].action}`;
