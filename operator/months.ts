import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { attachMonth } from '../ledger/months/attach.ts';
import { type ListedMonth, ledgerMonths } from '../ledger/months/list.ts';
import { detachWhole, lockWaitMs, pageMaxMs, reasonText, withLock } from './detach-month.ts';
import { actor, asOwner } from './owner.ts';

/** Whole months before this one that stay attached at least: clients and operators look back so far, and notices are replayed. */
const keepMin = 3;
/** A month is read once to attach it. Nobody waits for that but the operator. */
const attachMaxMs = 60 * 60_000;
const keep = ['--keep <n>', `how many whole months before this one stay attached, at least ${keepMin}`] as const;

/** `operator months …` */
export function monthsCommand(): Command {
  const command = new Command('months').description(
    'months of entries, postings and events: which are attached, and moving the oldest out of the database',
  );
  command
    .command('list')
    .description('print the months up to this one, and why those that are attached may not be detached now')
    .option(...keep, String(keepMin))
    .action(async (options: { keep: string }) => {
      const months = await asOwner((pool) => ledgerMonths(pool, keepOf(options)));
      process.stdout.write(months.map((row) => `${textOf(row)}\n`).join(''));
    });
  command
    .command('detach <month>')
    .description('move the oldest month (yyyy-mm) into the schema ledger_detached: docs/runbooks/detach-a-month.md')
    .option(...keep, String(keepMin))
    .action(async (month: string, options: { keep: string }) => {
      checkMonth(month);
      const say = (row: string) => process.stdout.write(`${row}\n`);
      const done = await asOwner((pool) =>
        asOwner((slow) => detachWhole(pool, { month, keep: keepOf(options), slow, say }), { statementMs: pageMaxMs }),
      );
      say(
        done === 'again' ? `${month} is detached already` : `${month} is detached: its tables are in ledger_detached`,
      );
    });
  command
    .command('attach <month>')
    .description('attach the month again that was detached last, or give up detaching one')
    .action(attach);
  return command;
}

async function attach(month: string): Promise<void> {
  checkMonth(month);
  const done = await asOwner((pool) => withLock(() => attachMonth(pool, { month, waitMs: lockWaitMs, actor })), {
    statementMs: attachMaxMs,
  });
  const { [done.result]: why } = whyNotAttached;
  if (why !== null) throw new ExplainedError(`${month} ${why}`);
  process.stdout.write(`${month} is attached\n`);
}

const whyNotAttached: Readonly<Record<'attached' | 'again' | 'not_last' | 'gone' | 'other_schema', string | null>> = {
  attached: null,
  again: null,
  not_last: 'is not the last one: a later month is detached, or was begun.',
  gone: 'has no tables in ledger_detached any longer: restore them there from the dump, then try it again.',
  other_schema:
    'cannot be attached: a migration changed the tables of entries, postings or events since it was detached.',
};

function checkMonth(month: string): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new ExplainedError(`"${month}" is not a month such as 2026-10.`);
}

function keepOf({ keep: text }: { keep: string }): number {
  const months = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (months < keepMin) throw new ExplainedError(`--keep must be a whole number from ${keepMin} on.`);
  return months;
}

function textOf({ month, status, detached_at: at, refusals }: ListedMonth): string {
  if (status === 'detached') return `${month}  detached at ${at}`;
  const what = status === 'attached' ? 'attached' : 'being detached';
  if (refusals.length === 0) return `${month}  ${what}; may be detached`;
  return [`${month}  ${what}`, ...refusals.map(reasonText)].join('\n');
}
