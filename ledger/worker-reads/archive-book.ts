import type pg from 'pg';
import type { ArchiveEntryRow, ArchiveEventRow, ArchiveLeg, ArchiveStatementRow } from '../archive/rows.ts';
import type { BatchPage } from './archive-batches.ts';

const valuesOf = ({ ids, firstAt, lastAt }: BatchPage) => [ids, firstAt, lastAt];

/** What all rows of a batch share is written once, not for each of them. */
const batches = `
  with b as materialized (
    select id, id::text as name, created_at, xid::text as xid, ledger.rfc3339(created_at) as at from ledger.batch where id = any($1::bigint[])
  )`;

/** Rows along the index of their batches, in the months of these alone: the planner leaves out the others by two times that it knows. */
const ofBatches = (table: 'entry' | 'event') => `
  from b join ledger.${table} e on e.batch_id = b.id and e.created_at = b.created_at and e.created_at between $2::timestamptz and $3::timestamptz`;
const postingsOf = (entryId: string) => `
  ledger.posting p where p.entry_id = ${entryId} and p.created_at = e.created_at and p.created_at between $2::timestamptz and $3::timestamptz`;

/** The account by which the text of an entry is kept: of its first leg the debited one, unless only the other is a customer's. */
const saltAccountOf = (entryId: string) => `
  (select case when min(a.kind::text) filter (where p.side = 'debit') <> 'customer' and min(a.kind::text) filter (where p.side = 'credit') = 'customer'
    then (array_agg(p.account_id) filter (where p.side = 'credit'))[1] else (array_agg(p.account_id) filter (where p.side = 'debit'))[1] end
    from (select * from ${postingsOf(entryId)} and p.leg = 1) p join ledger.account a on a.id = p.account_id)`;

/**
 * The entries of these batches, with their legs, which come as one text: making JSON of them, and reading it, takes a multiple. Most have no text,
 * so nobody looks whose that is.
 */
export async function readArchiveEntries(pool: pg.Pool, page: BatchPage): Promise<ArchiveEntryRow[]> {
  const { rows } = await pool.query<ArchiveEntryRow & { legs: string }>(
    `${batches}
    select e.id, e.tenant_id as "tenantId", b.xid, b.at, e.transfer_id as "transferId", e.reverses_id as "reversesId", b.name as "batchId",
      case when e.effective_at = e.created_at then b.at else ledger.rfc3339(e.effective_at) end as "effectiveAt", e.description, e.metadata,
      case when e.description is not null or e.metadata <> '{}' then ${saltAccountOf('e.id')} end as "saltAccountId",
      (select string_agg(concat_ws(' ', p.leg, p.side, p.account_id, p.currency, p.amount, p.seq, p.balance_after), ',' order by p.leg, p.side desc)
        from ${postingsOf('e.id')}) as legs
    ${ofBatches('entry')}`,
    valuesOf(page),
  );
  return rows.map((row) => ({ ...row, legs: row.legs.split(',').map(legOf) }));
}

function legOf(text: string): ArchiveLeg {
  const [leg, side, accountId = '', currency = '', amount = '', seq = '', balanceAfter = ''] = text.split(' ');
  return {
    leg: Number(leg),
    side: side === 'debit' ? 'debit' : 'credit',
    accountId,
    currency,
    amount,
    seq,
    balanceAfter,
  };
}

/** The events of these batches. */
export async function readArchiveEvents(pool: pg.Pool, page: BatchPage): Promise<ArchiveEventRow[]> {
  const { rows } = await pool.query<ArchiveEventRow>(
    `${batches}
    select e.id, e.tenant_id as "tenantId", b.xid, b.at, e.subject_type as "subjectType", e.subject_id as "subjectId", e.version,
      e.from_state as "fromState", e.cause, e.to_state as "toState", b.name as "batchId", e.evidence,
      case e.subject_type when 'account' then e.subject_id
        when 'transfer' then (select coalesce(t.source_account_id, t.destination_account_id) from ledger.transfer t where t.id = e.subject_id)
        when 'hold' then (select h.source_account_id from ledger.client_hold h where h.id = e.subject_id)
        when 'statement' then (select s.account_id from ledger.statement s where s.id = e.subject_id)
        when 'entry' then ${saltAccountOf('e.subject_id')} end as "saltAccountId"
    ${ofBatches('event')}`,
    valuesOf(page),
  );
  return rows;
}

/** The statements that became ready with these batches: those of their events. */
export async function readArchiveStatements(pool: pg.Pool, page: BatchPage): Promise<ArchiveStatementRow[]> {
  const { rows } = await pool.query<ArchiveStatementRow>(
    `${batches}
    select s.id, s.tenant_id as "tenantId", b.xid, ledger.rfc3339(s.ready_at) as at,
      s.account_id as "accountId", s.kind, s.number, s.edition::int as edition, s.month, s.from_seq::text as "fromSeq", s.to_seq::text as "toSeq",
      s.opening::text as opening, s.closing::text as closing, s.money_in::text as "moneyIn", s.money_out::text as "moneyOut",
      s.count_in as "countIn", s.count_out as "countOut", encode(s.document_sha256, 'hex') as "documentSha256",
      (select jsonb_agg(jsonb_build_object('format', o.format, 'part', o.part, 'key', o.key, 'versionId', o.version_id,
          'sha256', encode(o.sha256, 'hex'), 'bytes', o.bytes)) from ledger.statement_object o where o.statement_id = s.id) as objects
    ${ofBatches('event')} and e.subject_type = 'statement' join ledger.statement s on s.id = e.subject_id`,
    valuesOf(page),
  );
  return rows;
}
