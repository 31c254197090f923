import { ScheduleOverlapPolicy } from '@temporalio/client';
import { check } from '../../../domain/check.ts';
import { toPublic } from '../../../domain/ids.ts';
import { changeStatementPlan } from '../../../ledger/statements/change-plan.ts';
import { endStatementMonth } from '../../../ledger/statements/end-month.ts';
import { statementRunId } from '../../../workflows/contract/ids.ts';
import { scheduleIds } from '../../../workflows/contract/names.ts';
import type { Pools } from '../fixtures/accounts.ts';
import type { Platform } from './in-process.ts';
import { until } from './in-time.ts';
import { storeAt } from './storage.ts';

/** Ends a tenant's month at this moment, in which each of its accounts gets a statement, and cuts nothing yet. Returns the month. */
export async function endMonthNow({ root, api }: Pools, tenantId: string): Promise<string> {
  await changeStatementPlan(api, { tenantId, actor: 'test', quiet: 'monthly' });
  const ended = await endStatementMonth(root, { tenantId, actor: 'test' });
  check(ended.ok, 'a tenant has a month that can be ended');
  return ended.value.month;
}

/** A statement as its row has it, with its objects. */
export type MadeRow = {
  id: string;
  kind: string;
  status: string;
  tries: number;
  attention_reason: string | null;
  document: string | null;
  objects: { key: string; version_id: string; sha256: string }[];
};

/** The statements of a tenant, in the order of their accounts. */
export async function statementsOf({ root }: Pools, tenantId: string, month?: string): Promise<MadeRow[]> {
  const { rows } = await root.query<MadeRow>(
    `select id, kind, status, tries, attention_reason, encode(document_sha256, 'hex') as document, (
        select coalesce(jsonb_agg(jsonb_build_object('key', key, 'version_id', version_id, 'sha256', encode(sha256, 'hex')) order by format, part), '[]')
        from ledger.statement_object where statement_id = statement.id) as objects
      from ledger.statement where tenant_id = $1 and ($2::text is null or month = $2) order by account_id, created_at, id`,
    [tenantId, month ?? null],
  );
  return rows;
}

/** Every version below the folder of a tenant, and every marker of a deletion. */
export async function versionsOf(url: string, tenantId: string): Promise<string[]> {
  const store = storeAt(url);
  const { versions } = await store.versions({ area: 'statements', prefix: `${toPublic('tenant', tenantId)}/` });
  store.close();
  return versions.map(({ key, versionId, isMarker }) => `${key} ${versionId} ${isMarker}`).toSorted();
}

/** Has somebody look for what is due, and waits until the run of that month has closed it. */
export async function madeByTheLook(
  { client, pools }: Pick<Platform, 'client' | 'pools'>,
  tenantId: string,
  month: string,
): Promise<void> {
  await client.schedule.getHandle(scheduleIds.statements).trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  const sql = "select 1 from ledger.statement_month where tenant_id = $1 and month = $2 and status = 'closed'";
  await until(async () => (await pools.root.query(sql, [tenantId, month])).rowCount === 1, 30_000);
  await client.workflow.getHandle(statementRunId(tenantId, month)).result();
}
