import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../../local/supervise/program.ts';
import type { Pools } from '../support/fixtures/accounts.ts';
import { inTime } from '../support/harness/in-time.ts';

/** One SIGKILL, and how many transfers were `submitting` in the database just before it. */
export type Kill = { name: string; pid: number; submitting: number };

const waitMs = inTime(20_000);
const pollMs = 20;
const momentsMax = 10;
/** Between two kills the platform does some work, or has had this long to do it. */
const progress = { steps: 12, maxMs: inTime(8_000) };

/**
 * Kills each program so many times, in an order that the seed decides, each time at a moment when it answers and transfers
 * are `submitting`. Throws "invalid" when no such moment comes: a kill of an idle platform proves nothing.
 */
export async function killAround(
  programs: readonly Program[],
  times: number,
  { pools, random }: { pools: Pools; random: () => number },
): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const program of shuffled(Array.from({ length: times }, () => programs).flat(), random)) {
    kills.push(await killOnce(program, pools, 1 + Math.floor(random() * 4)));
    await sleep(random() * 500);
  }
  return kills;
}

/** A program that ended by itself just before is waited for: only what answered a moment ago and died by our hand counts. */
async function killOnce(program: Program, pools: Pools, least: number): Promise<Kill> {
  for (let moment = 0; moment < momentsMax; moment += 1) {
    await program.whenReady();
    await whenWorked(pools);
    const submitting = await whenSubmitting(pools, least);
    const pid = await program.kill();
    if (pid !== null) return { name: program.name, pid, submitting };
  }
  throw new Error(`invalid: ${program.name} ended by itself each of the ${momentsMax} times it was to be killed`);
}

async function whenSubmitting(pools: Pools, least: number): Promise<number> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const n = await submittingNow(pools);
    const isLate = Date.now() > deadline - waitMs / 2;
    if (n >= least || (isLate && n > 0)) return n;
    if (Date.now() > deadline) throw new Error('invalid: no transfer was submitting when it was time for a kill');
    await sleep(pollMs);
  }
}

/** Waits for some steps of transfers, so that the next kill hits a platform that works again. */
async function whenWorked(pools: Pools): Promise<void> {
  const deadline = Date.now() + progress.maxMs;
  const first = await count(pools, 'select count(*)::int as n from ledger.event');
  while (Date.now() < deadline) {
    if ((await count(pools, 'select count(*)::int as n from ledger.event')) >= first + progress.steps) return;
    await sleep(pollMs);
  }
}

const submittingNow = (pools: Pools): Promise<number> =>
  count(pools, "select count(*)::int as n from ledger.transfer where state = 'submitting'");

async function count(pools: Pools, sql: string): Promise<number> {
  const { rows } = await pools.root.query<{ n: number }>(sql);
  return rows[0]?.n ?? 0;
}

function shuffled<T>(from: readonly T[], random: () => number): T[] {
  const order = from.map((value) => ({ value, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ value }) => value);
}
