import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import { reissueStatement } from '../ledger/statements/reissue.ts';
import { setStatementPace } from '../ledger/statements/set-pace.ts';
import { statementRunId } from '../workflows/contract/ids.ts';
import { lookSignal } from '../workflows/contract/messages.ts';
import { actor, asOwner } from './owner.ts';
import { runAll, runTenant, startRun } from './statement-runs.ts';
import { printStatus } from './statement-status.ts';
import { withTemporal } from './temporal.ts';
import { tenantNamed } from './tenant.ts';

/** `operator statements …` */
export function statementsCommand(): Command {
  const command = new Command('statements').description('statements: what happened on each account in a month');
  command
    .command('run [tenant]')
    .description('make what is due now: of a tenant (its id or its name), or of all with --all; also what was put off')
    .option('--all', 'every tenant')
    .option('--month <yyyy-mm>', 'only this month of the tenant')
    .option('--early', 'end the month now, before it is over: for trying statements out, never in production')
    .action(async (tenant: string | undefined, options: { all?: true; month?: string; early?: true }) => {
      if ((tenant === undefined) === (options.all === undefined))
        throw new ExplainedError('Name a tenant, or say --all for every tenant.');
      if (options.month !== undefined) checkMonth(options.month);
      if (tenant !== undefined) return await runTenant(tenant, options);
      if (options.month !== undefined || options.early)
        throw new ExplainedError(
          '--month and --early are for one tenant: with --all every month that is over is made.',
        );
      await runAll();
    });
  command
    .command('pace <tenant> <month> <n>')
    .description('make at most n statements of a month (yyyy-mm) a minute: 0 pauses it, `free` ends the limit')
    .action(setPace);
  command
    .command('status [tenant]')
    .description(
      'print how far each month is: of a tenant its newest months and what needs a person, else what is not closed',
    )
    .action(printStatus);
  command
    .command('reissue <id>')
    .description('make another edition of a statement (st_…): the same figures, with the names and the brand of now')
    .action(reissue);
  return command;
}

function checkMonth(month: string): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new ExplainedError(`"${month}" is not a month such as 2026-10.`);
}

async function setPace(tenant: string, month: string, n: string): Promise<void> {
  checkMonth(month);
  const pace = n === 'free' ? null : Number(n);
  if (pace !== null && !(Number.isInteger(pace) && pace >= 0 && pace <= paceMax))
    throw new ExplainedError(`The pace must be a whole number from 0 to ${paceMax}, or \`free\`.`);
  const tenantId = await asOwner(async (pool) => {
    const id = await tenantNamed(pool, tenant);
    if (!(await setStatementPace(pool, { tenantId: id, month, pace, actor })))
      throw new ExplainedError(`${tenant} has no open month ${month}: \`operator statements status\` prints them.`);
    return id;
  });
  const signalled = withTemporal((client) =>
    client.workflow.getHandle(statementRunId(tenantId, month)).signal(lookSignal),
  );
  // The pace is set. A run that was not reached sees it at its next look.
  const [{ status }] = await Promise.allSettled([signalled]);
  const inWords = pace === null ? 'made as fast as it can be' : pace === 0 ? 'paused' : `made at ${pace} a minute`;
  const when = status === 'fulfilled' ? '' : ', within a minute: its run was not reached';
  process.stdout.write(`${month} of ${toPublic('tenant', tenantId)} is ${inWords}${when}\n`);
}

/** A hundred times what one worker makes. */
const paceMax = 1_000_000;

async function reissue(id: string): Promise<void> {
  const statementId = fromPublic('statement', id);
  if (statementId === null) throw new ExplainedError(`"${id}" is not the id of a statement (st_…).`);
  await withTemporal(async (client, env) => {
    const tenantId = await asOwner(async (pool) => {
      const made = await reissueStatement(pool, { id: statementId, actor });
      if (!made.ok) throw new ExplainedError(`${id} ${whyNotReissued[made.refusal.code]}`);
      process.stdout.write(`${toPublic('statement', made.value.id)} takes the place of ${id} when it is ready\n`);
      const { rows } = await pool.query<{ tenant_id: Uuid }>('select tenant_id from ledger.statement where id = $1', [
        statementId,
      ]);
      return rows[0]?.tenant_id ?? null;
    });
    if (tenantId !== null) await startRun(client, env, { tenantId, month: null });
  });
}

const whyNotReissued = {
  not_found: 'is not there.',
  not_ready: 'is not ready yet: what is not made cannot be made again.',
  replaced: 'was replaced by a later edition: reissue that one.',
  archived: 'has postings in a month that is detached: its editions are in the store, and no other can be made.',
};
