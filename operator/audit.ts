import { Command } from 'commander';
import type pg from 'pg';
import { ExplainedError } from '../config/explain-error.ts';
import { toPublic, type Uuid } from '../domain/ids.ts';
import { asOwner } from './owner.ts';
import { tenantNamed } from './tenant.ts';

/** Lines of one print; more are read through a reader of the database. */
const countMax = 1_000;

/** `operator audit`: who changed what, of one tenant or of the platform and all. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('print who changed what, newest first, one JSON object a line')
    .option('--tenant <tenant>', 'only what belongs to a tenant (its id or its name)')
    .option('--action <action>', 'only this action, such as account.changed')
    .option('--limit <n>', `at most so many, up to ${countMax}`, '100')
    .action(async ({ tenant, action, limit }: Options) => {
      if (!/^[1-9][0-9]{0,3}$/.test(limit) || Number(limit) > countMax)
        throw new ExplainedError(`--limit must be a number from 1 to ${countMax}.`);
      const rows = await asOwner(async (pool) => {
        const tenantId = tenant === undefined ? null : await tenantNamed(pool, tenant);
        return changesOf(pool, { tenantId, action: action ?? null, limit: Number(limit) });
      });
      process.stdout.write(rows.map((row) => `${toLine(row)}\n`).join(''));
    });
}

type Options = { tenant?: string; action?: string; limit: string };
type Change = {
  id: Uuid;
  tenant_id: Uuid | null;
  actor: string;
  action: string;
  subject: string;
  detail: object;
  created_at: Date;
};
type Wanted = { tenantId: Uuid | null; action: string | null; limit: number };

async function changesOf(pool: pg.Pool, { tenantId, action, limit }: Wanted): Promise<Change[]> {
  // By id where no tenant is named: ids are made in the order of time, and the primary key is the index.
  const order = tenantId === null ? 'id desc' : 'created_at desc, id desc';
  const sql = `select id, tenant_id, actor, action, subject, detail, created_at from ledger.audit
    where ($1::uuid is null or tenant_id = $1) and ($2::text is null or action = $2) order by ${order} limit $3`;
  return (await pool.query<Change>(sql, [tenantId, action, limit])).rows;
}

const toLine = ({ id, tenant_id: tenantId, created_at: at, ...change }: Change): string =>
  JSON.stringify({
    at: at.toISOString(),
    tenant: tenantId === null ? null : toPublic('tenant', tenantId),
    ...change,
    id: toPublic('auditRecord', id),
  });
