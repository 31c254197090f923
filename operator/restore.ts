import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { toPublic } from '../domain/ids.ts';
import { createReader } from '../drizzle/client.ts';
import { pauseRail } from '../ledger/rails/pause.ts';
import { listRails } from '../ledger/read/rails.ts';
import { conclude, type Report } from '../ledger/transfers/conclude.ts';
import { afterRestore } from '../ledger/verify/truth.ts';
import { actor, asOwner } from './owner.ts';
import { type Behind, compareAfterRestore, type LookAlike, open, type RestoreFindings } from './restore-findings.ts';
import { truthPages } from './truth.ts';

/** Of `check`, so that a script can tell what is to be judged from a command that failed. */
const toBeJudged = 3;
/** As many as the ledger takes in one commit. */
const reportsMax = 500;

/** `operator restore …`: what is done after the database was restored to an earlier time, before anything is sent. */
export function restoreCommand(): Command {
  const command = new Command('restore').description(
    'after the database was restored to an earlier time: see docs/runbooks/restore.md',
  );
  command
    .command('begin <why>')
    .description('pause every rail, before a worker starts: nothing is sent until each is resumed')
    .action(begin);
  command
    .command('check')
    .description(
      'compare with what the bank took: payments that this ledger does not know, and requests that repeat them',
    )
    .requiredOption('--truth <url>', "what the simulator's bank took, for example http://127.0.0.1:4010/control/truth")
    .requiredOption('--since <time>', 'the moment that was restored to, RFC 3339')
    .option('--json', 'print the findings as JSON')
    .action(check);
  command
    .command('conclude')
    .description('write what the bank has decided into transfers that are still open here')
    .requiredOption('--truth <url>', "what the simulator's bank took")
    .requiredOption('--since <time>', 'the moment that was restored to, RFC 3339')
    .action(concludeOpen);
  command
    .command('match [transfer] [rail-key]')
    .description(
      'note that the payment which the bank took under that key, an orphan, is this transfer (tr_…): it ends, and is never sent',
    )
    .requiredOption('--truth <url>', "what the simulator's bank took")
    .requiredOption('--since <time>', 'the moment that was restored to, RFC 3339')
    .option('--all', 'every pair of which neither is like another one')
    .action(match);
  return command;
}

type Options = { truth: string; since: string; json?: true; all?: true };

async function begin(why: string): Promise<void> {
  await asOwner(async (pool) => {
    for (const { name } of await listRails(createReader(pool))) {
      await pauseRail(pool, { rail: name, actor, why });
      process.stdout.write(`${name} is paused\n`);
    }
  });
}

async function check(options: Options): Promise<void> {
  const found = await compare(options);
  process.stdout.write(options.json ? `${JSON.stringify(toJson(found), null, 2)}\n` : toText(found));
  const { orphans, behind, lookAlikes } = found;
  if (orphans.length + behind.length + lookAlikes.length > 0) process.exitCode = toBeJudged;
}

const compare = ({ truth, since }: Options): Promise<RestoreFindings> => {
  const at = new Date(since);
  if (!/^\d{4}-\d\d-\d\dT/.test(since) || Number.isNaN(at.getTime()))
    throw new ExplainedError(`--since must be a time such as 2026-11-28T03:00:00Z, not "${since}".`);
  return asOwner((pool) => compareAfterRestore(pool, { truth: truthPages(truth), since: at }));
};

/** The bank's word is proof, whenever it comes: the transfer ends, and is not sent again. */
async function concludeOpen(options: Options): Promise<void> {
  const { behind } = await compare(options);
  const reports = behind.flatMap((one) => reportOf(one) ?? []);
  await concludeAll(reports);
  process.stdout.write(`${reports.length} of ${behind.length} that the bank has decided are concluded\n`);
}

/** Only what `check` has shown as alike: another amount or another account is another payment. */
async function match(id: string | undefined, railKey: string | undefined, options: Options): Promise<void> {
  const { orphans, lookAlikes } = await compare(options);
  const chosen = options.all
    ? lookAlikes.filter((one) => lookAlikes.every((other) => other === one || !isShared(one, other)))
    : lookAlikes.filter((one) => toPublic('transfer', one.id) === id && one.railKey === railKey);
  if (chosen.length === 0)
    throw new ExplainedError('That is no pair that `restore check` shows: nothing was changed. Name both, or --all.');
  const reports = chosen.flatMap((one) => {
    const record = orphans.find(({ rail_key }) => rail_key === one.railKey);
    if (!record || !open.includes(one.state)) return [];
    return reportOf({ ...one, record }) ?? [];
  });
  await concludeAll(reports);
  process.stdout.write(`${reports.length} of ${chosen.length} pairs are matched\n`);
  if (reports.length < chosen.length)
    throw new ExplainedError(
      'The others have an end of their own already, or the bank gave no number: it may have paid twice. Ask it.',
    );
}

const isShared = (one: LookAlike, other: LookAlike): boolean => one.id === other.id || one.railKey === other.railKey;

async function concludeAll(reports: readonly Report[]): Promise<void> {
  await asOwner(async (pool) => {
    for (let i = 0; i < reports.length; i += reportsMax) {
      // What the cache has is older than this, and says so; the next commit of the account replaces it.
      const ends = await conclude(pool, reports.slice(i, i + reportsMax), async () => {});
      for (const { transferId, state } of ends)
        process.stdout.write(`${toPublic('transfer', transferId)} is ${state}, as the bank says\n`);
    }
  });
}

/** Null where the bank gave no number of its own: without one an acceptance is no proof. */
function reportOf({ id, record }: Behind): Report | null {
  const { status, rail_reference: railReference } = record;
  if (railReference === undefined) return null;
  const about = { transferId: id, source: 'report', railReference } as const;
  if (status === 'accepted') return { ...about, outcome: 'accepted', code: afterRestore };
  return status === 'rejected' ? { ...about, outcome: 'rejected', code: afterRestore, decisive: true } : null;
}

function toText({ orphans, behind, lookAlikes }: RestoreFindings): string {
  const rows = [
    ...orphans.map(
      ({ transferId, ...record }) =>
        `ORPHAN   ${transferId ?? record.rail_key}  the bank ${record.status} ${record.amount} ${record.currency} to ${record.bank} …${record.account_number.slice(-4)}, its number ${record.rail_reference ?? 'unknown'}`,
    ),
    ...behind.map(
      ({ id, state, record }) =>
        `BEHIND   ${toPublic('transfer', id)}  is ${state} here, and the bank ${record.status} it`,
    ),
    ...lookAlikes.map(
      ({ id, state, key, railKey }) =>
        `ALIKE    ${toPublic('transfer', id)}  is ${state}, under the key ${key}, and pays what the orphan ${railKey} paid`,
    ),
  ];
  const counts = `${orphans.length} orphans, ${behind.length} behind the bank, ${lookAlikes.length} look-alikes`;
  return `${[...rows, rows.length > 0 ? `${counts}: docs/runbooks/restore.md says what to do.` : 'The bank took nothing that is not concluded here.'].join('\n')}\n`;
}

const toJson = ({ orphans, behind, lookAlikes }: RestoreFindings) => ({
  orphans,
  behind: behind.map(({ id, state, record }) => ({ transfer: toPublic('transfer', id), state, bank: record.status })),
  look_alikes: lookAlikes.map(({ id, state, key, railKey }) => ({
    transfer: toPublic('transfer', id),
    state,
    idempotency_key: key,
    orphan: railKey,
  })),
});
