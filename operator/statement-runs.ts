import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { startStatementRun } from '../activities/statements/start-run.ts';
import type { Env } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { workflowUrl } from '../config/temporal.ts';
import { toPublic, type Uuid } from '../domain/ids.ts';
import { endStatementMonth } from '../ledger/statements/end-month.ts';
import { openStatementMonths } from '../ledger/statements/open-months.ts';
import { retryStatements } from '../ledger/statements/retry.ts';
import { statementProgress } from '../ledger/worker-reads/statement-runs.ts';
import { statementRunId } from '../workflows/contract/ids.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { actor, asOwner } from './owner.ts';
import { withTemporal } from './temporal.ts';
import { tenantNamed } from './tenant.ts';

type Options = { month?: string; early?: true };

/** Makes what one tenant has due, or with `month` only that, and what was put off of it at once. */
export async function runTenant(tenant: string, { month, early }: Options): Promise<void> {
  await withTemporal(async (client, env) => {
    if (early && env.mode === 'production')
      throw new ExplainedError(
        'A month is not ended early in production: its statements would not be of the whole month.',
      );
    const { tenantId, months } = await asOwner(async (pool) => {
      const id = await tenantNamed(pool, tenant);
      const named = early ? await endMonth(pool, { tenantId: id, month }) : month;
      return { tenantId: id, months: await monthsToRun(pool, { tenantId: id, month: named }) };
    });
    for (const one of months) await startRun(client, env, { tenantId, month: one });
  });
}

/** Starts a run, or wakes the one that is there, and prints where to look. */
export async function startRun(
  client: Client,
  { temporal }: Pick<Env, 'temporal'>,
  of: { tenantId: Uuid; month: string | null },
): Promise<void> {
  await startStatementRun(client, { ...of, waits: defaultWaits, wakes: true });
  const id = statementRunId(of.tenantId, of.month);
  process.stdout.write(`${id} runs: ${workflowUrl(temporal, id)}\n`);
}

async function endMonth(
  pool: pg.Pool,
  { tenantId, month }: { tenantId: Uuid; month: string | undefined },
): Promise<string> {
  const ended = await endStatementMonth(pool, { tenantId, month, actor });
  if (ended.ok) return ended.value.month;
  const tenant = toPublic('tenant', tenantId);
  if (ended.refusal.code === 'not_found') throw new ExplainedError(`${tenant} has no statement plan.`);
  throw new ExplainedError(
    month === undefined
      ? `The month of ${tenant} began at this moment: try again in a second, and look at the database's clock.`
      : `${month} is not the month of ${tenant} that is under way: leave --month out.`,
  );
}

/** The months of the tenant that are not closed, or the one that was named; null: what was asked for, and later editions. */
async function monthsToRun(
  pool: pg.Pool,
  { tenantId, month }: { tenantId: Uuid; month: string | undefined },
): Promise<(string | null)[]> {
  if (month === undefined) {
    await retryStatements(pool, { tenantId, month: null, actor });
    const open = await pool.query<{ month: string }>(
      "select month from ledger.statement_month where tenant_id = $1 and status <> 'closed' order by month limit $2",
      [tenantId, monthsMax],
    );
    const months = open.rows.map((row) => row.month);
    for (const one of months) await retryStatements(pool, { tenantId, month: one, actor });
    return [...months, null];
  }
  const progress = await statementProgress(pool, { tenantId, month });
  if (!progress)
    throw new ExplainedError(
      `${month} of ${toPublic('tenant', tenantId)} is not over yet, or nobody has looked since: see \`operator statements status\`.`,
    );
  if (progress.status === 'closed') {
    process.stdout.write(`${month} is closed: its ${progress.ready} statements are ready\n`);
    return [];
  }
  await retryStatements(pool, { tenantId, month, actor });
  if (progress.pace === 0)
    process.stdout.write(`${month} is paused: \`operator statements pace … free\` sets it free\n`);
  return [month];
}

/** After years without a worker the next command goes on. */
const monthsMax = 120;

/** Asks whose months are over, as the look of each minute does, and starts the runs that it names. */
export async function runAll(): Promise<void> {
  await withTemporal(async (client, { temporal }) => {
    let runs = 0;
    await asOwner(async (pool) => {
      for (let isMore = true; isMore; ) {
        const found = await openStatementMonths(pool, { limit: runsPerCall });
        for (const of of found.due) await startStatementRun(client, { ...of, waits: defaultWaits, wakes: true });
        runs += found.due.length;
        isMore = found.isMore;
      }
    });
    const where = `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows`;
    process.stdout.write(`${runs} runs are on their way; those of the last five minutes run already: ${where}\n`);
  });
}

/** Runs that one call of the ledger names. */
const runsPerCall = 200;
