import type pg from 'pg';
import { toPublic, type Uuid } from '../domain/ids.ts';
import { msLeft, type StatementPace } from '../domain/statement-pace.ts';
import { toWords } from '../workflows/words.ts';
import { asOwner } from './owner.ts';
import { tenantNamed } from './tenant.ts';

/** More months are not printed. */
const monthsMax = 1_000;
/** Nor more statements that need a person. */
const attentionsMax = 50;

/** Prints the newest months of a tenant and its statements that need a person, or what is not closed of all tenants. */
export async function printStatus(tenant: string | undefined): Promise<void> {
  const lines = await asOwner(async (pool) => {
    const tenantId = tenant === undefined ? null : await tenantNamed(pool, tenant);
    return [
      ...(await monthsOf(pool, tenantId)).map(monthLine),
      ...(await outsideMonths(pool, tenantId)),
      ...(await attentionsOf(pool, tenantId)).map(attentionLine),
    ];
  });
  process.stdout.write(
    lines.length === 0 ? 'Nothing waits: every month that was opened is closed.\n' : `${lines.join('\n')}\n`,
  );
}

type MonthRow = {
  tenant_id: Uuid;
  month: string;
  status: string;
  accounts: number;
  ready: number;
  attention: number;
  pace: number | null;
  perMinute: number | null;
};

async function monthsOf(pool: pg.Pool, tenantId: Uuid | null): Promise<MonthRow[]> {
  const sql = `select month.tenant_id, month.month, month.status, month.accounts, month.pace, tally.ready, tally.attention,
      ledger.statements_per_minute(month.tenant_id, month.month, month.cut_at) as "perMinute"
    from ledger.statement_month as month
    cross join lateral (
      select coalesce(sum(stripe.ready), 0)::int as ready, coalesce(sum(stripe.attention), 0)::int as attention
      from ledger.statement_tally as stripe
      where stripe.tenant_id = month.tenant_id and stripe.month = month.month
    ) as tally
    where case when $1::uuid is null then month.status <> 'closed' else month.tenant_id = $1 end
    order by month.month desc, month.tenant_id limit $2`;
  return (await pool.query<MonthRow>(sql, [tenantId, monthsMax])).rows;
}

/** `tn_…  2026-11  making   61,204 of 100,001 ready, 4,312 a minute, about 9 min`. */
function monthLine({ tenant_id, month, status, attention, pace, ...counts }: MonthRow): string {
  const ready = `${grouped(counts.ready)} of ${grouped(counts.accounts)} ready`;
  const parts = [
    toPublic('tenant', tenant_id),
    month,
    status.padEnd('cutting'.length),
    ready + speed({ ...counts, pace, status }),
  ];
  if (attention > 0) parts.push(`${attention} need a person`);
  if (pace !== null) parts.push(pace === 0 ? 'paused' : `at most ${grouped(pace)} a minute`);
  return parts.join('  ');
}

/** How fast a month is made that is being made, and how long it takes; nothing where nobody can say. */
function speed({ status, ...counts }: StatementPace & { status: string }): string {
  const leftMs = msLeft(counts);
  if (status !== 'making' || leftMs === null || leftMs === 0) return '';
  return `, ${grouped(Math.round(counts.perMinute ?? 0))} a minute, about ${toWords(leftMs)}`;
}

const grouped = (n: number): string => n.toLocaleString('en');

/** Interim and final statements, and later editions, that are not ready: one line, when there are some. At most 10,000 are counted. */
async function outsideMonths(pool: pg.Pool, tenantId: Uuid | null): Promise<string[]> {
  const sql = `select count(*)::int as waiting, min(created_at) as oldest from (
      select created_at from ledger.statement
      where status = 'cut' and (kind <> 'monthly' or edition > 1) and ($1::uuid is null or tenant_id = $1) limit 10000
    ) as outside`;
  const [row] = (await pool.query<{ waiting: number; oldest: Date | null }>(sql, [tenantId])).rows;
  if (!row?.oldest) return [];
  return [`${row.waiting} outside a month's run wait, the oldest since ${row.oldest.toISOString()}`];
}

type AttentionRow = {
  id: Uuid;
  tenant_id: Uuid;
  kind: string;
  month: string | null;
  attention_reason: string;
  tries: number;
};

async function attentionsOf(pool: pg.Pool, tenantId: Uuid | null): Promise<AttentionRow[]> {
  const sql = `select id, tenant_id, kind, month, attention_reason, tries from ledger.statement
    where status = 'cut' and attention_reason is not null and ($1::uuid is null or tenant_id = $1)
    order by due_at, id limit $2`;
  return (await pool.query<AttentionRow>(sql, [tenantId, attentionsMax])).rows;
}

const attentionLine = ({ id, tenant_id, kind, month, attention_reason, tries }: AttentionRow): string =>
  [
    toPublic('tenant', tenant_id),
    month ?? 'on request',
    kind,
    toPublic('statement', id),
    `needs a person: ${attention_reason}`,
    `${tries} tries`,
  ].join('  ');
