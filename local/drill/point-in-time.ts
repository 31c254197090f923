import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Clients, Sent } from './clients.ts';
import type { Facts } from './facts.ts';
import { createDrillOperator } from './operator.ts';
import type { DrillPlatform } from './platform.ts';
import type { Steps } from './steps.ts';

export type Drill = { platform: DrillPlatform; clients: Clients; facts: Facts; steps: Steps; count: number };

/** What is counted in a drill whose ledger is older than the bank and older than Temporal. */
export type PointInTime = {
  /** Requests that were answered before the moment, and of them those whose row is there after the restore. */
  keptSent: number;
  keptFound: number;
  /** Requests that were answered after it, and those whose row was there right after the restore. */
  lostSent: number;
  lostFound: number;
  /** Payments that the bank took and the ledger forgot, how many of them `restore check` listed, and how many open ones it found decided. */
  bankForgotten: number;
  orphans: number;
  behind: number;
  /** Lost requests that the clients repeated under the same keys: how many waited, and how many of them were seen to be alike. */
  repeatedAtBank: number;
  waited: number;
  lookAlikes: number;
  /** Payments that the bank took while the rail was paused, and in the whole drill more than once. */
  takenWhilePaused: number;
  doubled: number;
  /** Requests without exactly one transfer that has ended. */
  notOnce: number;
  /** What `verify` says at the end. */
  broken: string[];
  /** Of groups and inquiries in Temporal, before and after. */
  workflows: { before: Record<string, number>; after: Record<string, number> };
};

/**
 * Loses the ledger's disk and restores it to a moment, while the bank and Temporal know what came after: what was lost is
 * found, judged and not paid again.
 */
export async function pointInTime(drill: Drill): Promise<PointInTime> {
  const { platform, clients, facts, steps, count } = drill;
  const { database, temporal } = platform;
  const kept = await steps.time('traffic', () => clients.send(count), answers);
  await temporal.kill();
  temporal.keepCopy();
  await temporal.start();
  await steps.time('base backup, while it works', database.backUp);
  kept.push(...(await steps.time('more traffic', () => clients.send(count), answers)));
  const { later, at } = await momentBefore(drill);
  kept.push(...later);
  await sleep(apartMs);
  const lost = await steps.time('traffic after the moment', () => clients.send(count), answers);
  await untilSent(facts, later);
  await database.archiveLog();
  // Their workflows are on their way when the disk is lost, and go on with rows that are not there.
  for (let n = 0; n < slowCount; n += 1) lost.push(await clients.sendSlow());
  await untilSent(facts, lost.slice(-slowCount));
  const before = { bank: await facts.bank(), workflows: await facts.workflows() };

  await platform.killPrograms();
  await database.destroy();
  const found = await restore(drill, { at, kept, lost });
  const atBank = lost.filter(({ body }) => body.rail !== 'book');
  const repeated = await repeatAndMatch(drill, { at, lost, atBank });
  const bank = await facts.bank();
  const all = await facts.rowsOf([...kept, ...lost]);
  return {
    ...found,
    ...repeated,
    bankForgotten: forgotten(before.bank, lost),
    takenWhilePaused: repeated.takenWhilePaused - before.bank.length,
    doubled: bank.length - new Set(bank.map(({ amount }) => amount)).size,
    notOnce: [...kept, ...lost].filter(({ key }) => !isOnce(all.get(key) ?? [])).length,
    workflows: {
      before: before.workflows,
      after: await steps.time('workflows of lost transfers ended', facts.workflowsAtEnd, (counts) =>
        JSON.stringify(counts),
      ),
    },
    broken: await steps.time('verify, with the bank', facts.broken, (broken) => broken.join(', ')),
  };
}

const laterMs = 2_500;
const slowCount = 4;
const apartMs = 20;
const answers = (sent: readonly Sent[]): string => `${sent.length} answers`;
/** Every amount is used once. */
const forgotten = (bank: readonly { amount: string }[], lost: readonly Sent[]): number => {
  const amounts = new Set(lost.filter(({ body }) => body.rail !== 'book').map(({ body }) => body.amount));
  return bank.filter(({ amount }) => amounts.has(amount)).length;
};
const ended = ['completed', 'rejected'];
const isOnce = (rows: readonly { state: string }[]): boolean =>
  rows.length === 1 && ended.includes(rows[0]?.state ?? '');

/** A moment at which a transfer is scheduled that will be sent after it, however slow the machine is. */
async function momentBefore({ clients, facts }: Drill): Promise<{ later: Sent[]; at: Date }> {
  const later: Sent[] = [];
  for (;;) {
    const sent = await clients.sendLater(laterMs);
    later.push(sent);
    const at = await facts.now();
    const rows = (await facts.rowsOf([sent])).get(sent.key) ?? [];
    if (rows.every(({ state }) => state === 'scheduled')) return { later, at };
  }
}

async function untilSent(facts: Facts, sent: readonly Sent[]): Promise<void> {
  const isAtBank = (taken: ReadonlySet<string>) => sent.every(({ body }) => taken.has(body.amount));
  while (!isAtBank(new Set((await facts.bank()).map(({ amount }) => amount)))) await sleep(100);
}

type Restored = { at: Date; kept: readonly Sent[]; lost: readonly Sent[] };

/** The steps of the runbook, up to the start of the programs. */
async function restore({ platform, facts, steps }: Drill, { at, kept, lost }: Restored) {
  const operator = createDrillOperator(platform, at);
  const { copiedMs, replayedMs } = await platform.database.restoreTo(at);
  steps.note('base backup put in place', copiedMs, '');
  steps.note('log replayed to the moment, server promoted', replayedMs, at.toISOString());
  const [keptRows, lostRows] = [await facts.rowsOf(kept), await facts.rowsOf(lost)];
  await steps.time('empty Redis', () => emptyRedis(platform.addresses.redis));
  await steps.time('operator restore begin', () => operator.run(['restore', 'begin', 'restored in a drill']));
  await steps.time('operator verify', () => operator.run(['verify'], [0, late]));
  const found = await steps.time(
    'operator restore check',
    operator.check,
    (check) => `${check.orphans.length} orphans, ${check.behind.length} behind`,
  );
  await steps.time('operator restore conclude', () => operator.run(['restore', 'conclude']));
  await steps.time('operator archive new-epoch', () =>
    operator.run(['archive', 'new-epoch', '--reason', 'restored in a drill']),
  );
  await steps.time('API and worker started', platform.startPrograms);
  return {
    ...{ keptSent: kept.length, keptFound: keptRows.size, lostSent: lost.length, lostFound: lostRows.size },
    ...{ orphans: found.orphans.length, behind: found.behind.length },
  };
}

/** Exit code of a `verify` whose books are sound, where something is late: nothing ran since the disk was lost. */
const late = 3;

async function emptyRedis(url: string | null): Promise<void> {
  if (url === null) return;
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}

/** The clients repeat what they were answered before, the rail still paused; then it is resumed. */
async function repeatAndMatch(
  { platform, clients, facts, steps }: Drill,
  { at, lost, atBank }: { at: Date; lost: readonly Sent[]; atBank: readonly Sent[] },
) {
  const operator = createDrillOperator(platform, at);
  const again = await steps.time('clients repeat what was lost', async () => {
    const answered = [];
    for (const sent of lost) answered.push({ sent, answer: await clients.repeat(sent) });
    return answered;
  });
  const waited = again.filter(({ sent, answer }) => sent.body.rail !== 'book' && answer.state === 'scheduled').length;
  const taken = (await facts.bank()).length;
  const { look_alikes } = await steps.time(
    'operator restore check',
    operator.check,
    (check) => `${check.look_alikes.length} look-alikes`,
  );
  await steps.time('operator restore match --all', () => operator.run(['restore', 'match', '--all']));
  await operator.run(['rail', 'resume', 'instant']);
  await steps.time('rail resumed, all transfers ended', facts.untilAllEnded);
  return { repeatedAtBank: atBank.length, waited, lookAlikes: look_alikes.length, takenWhilePaused: taken };
}
