import type pg from 'pg';
import type { ArchiveEntryRow, ArchiveEventRow, ArchiveStatementRow } from '../archive/rows.ts';

/** The transactions of a segment, the last not included, and a page of what they wrote: behind the row of which `after` is the place. */
export type ArchivePage = { fromXid: string; toXid: string; after: string | null; limit: number };

const valuesOf = ({ fromXid, toXid, after, limit }: ArchivePage) => [fromXid, toXid, after, limit];

/**
 * Batches along the index of their transactions, rows along that of their batches, in the one month of their time. `$3` is a place: a batch and an id.
 */
const ofBatches = (table: 'entry' | 'event') => `
  from ledger.batch b join ledger.${table} e on e.batch_id = b.id and e.created_at = b.created_at`;
const within = `
  where b.xid >= $1::xid8 and b.xid < $2::xid8
    and ($3::text is null or (b.id, e.id) > (split_part($3, ' ', 1)::bigint, split_part($3, ' ', 2)::uuid))`;
const inSequence = ' order by b.id, e.id limit $4';

/** The account by which the text of an entry is kept: of its first leg the debited one, unless only the other is a customer's. */
const saltAccountOf = (entryId: string, at: string) => `
  (select case when min(a.kind::text) filter (where p.side = 'debit') <> 'customer' and min(a.kind::text) filter (where p.side = 'credit') = 'customer'
    then (array_agg(p.account_id) filter (where p.side = 'credit'))[1] else (array_agg(p.account_id) filter (where p.side = 'debit'))[1] end
    from ledger.posting p join ledger.account a on a.id = p.account_id where p.entry_id = ${entryId} and p.created_at = ${at} and p.leg = 1)`;

/** The entries that these transactions posted, with their legs. */
export async function readArchiveEntries(pool: pg.Pool, page: ArchivePage): Promise<ArchiveEntryRow[]> {
  const { rows } = await pool.query<ArchiveEntryRow>(
    `select e.id, e.tenant_id as "tenantId", b.xid::text as xid, ledger.rfc3339(e.created_at) as at, b.id || ' ' || e.id as place,
      e.transfer_id as "transferId", e.reverses_id as "reversesId", b.id::text as "batchId", ledger.rfc3339(e.effective_at) as "effectiveAt",
      e.description, e.metadata, ${saltAccountOf('e.id', 'e.created_at')} as "saltAccountId",
      (select jsonb_agg(jsonb_build_object('leg', p.leg, 'side', p.side, 'accountId', p.account_id, 'currency', p.currency, 'amount', p.amount::text,
          'seq', p.seq::text, 'balanceAfter', p.balance_after::text) order by p.leg, p.side desc)
        from ledger.posting p where p.entry_id = e.id and p.created_at = e.created_at) as legs
    ${ofBatches('entry')} ${within} ${inSequence}`,
    valuesOf(page),
  );
  return rows;
}

/** The events that these transactions wrote. */
export async function readArchiveEvents(pool: pg.Pool, page: ArchivePage): Promise<ArchiveEventRow[]> {
  const { rows } = await pool.query<ArchiveEventRow>(
    `select e.id, e.tenant_id as "tenantId", b.xid::text as xid, ledger.rfc3339(e.created_at) as at, b.id || ' ' || e.id as place,
      e.subject_type as "subjectType", e.subject_id as "subjectId", e.version, e.from_state as "fromState", e.cause, e.to_state as "toState",
      b.id::text as "batchId", e.evidence,
      case e.subject_type when 'account' then e.subject_id
        when 'transfer' then (select coalesce(t.source_account_id, t.destination_account_id) from ledger.transfer t where t.id = e.subject_id)
        when 'hold' then (select h.source_account_id from ledger.client_hold h where h.id = e.subject_id)
        when 'statement' then (select s.account_id from ledger.statement s where s.id = e.subject_id)
        when 'entry' then ${saltAccountOf('e.subject_id', 'e.created_at')} end as "saltAccountId"
    ${ofBatches('event')} ${within} ${inSequence}`,
    valuesOf(page),
  );
  return rows;
}

/** The statements that these transactions made ready: those of their events. */
export async function readArchiveStatements(pool: pg.Pool, page: ArchivePage): Promise<ArchiveStatementRow[]> {
  const { rows } = await pool.query<ArchiveStatementRow>(
    `select s.id, s.tenant_id as "tenantId", b.xid::text as xid, ledger.rfc3339(s.ready_at) as at, b.id || ' ' || e.id as place,
      s.account_id as "accountId", s.kind, s.number, s.edition::int as edition, s.month, s.from_seq::text as "fromSeq", s.to_seq::text as "toSeq",
      s.opening::text as opening, s.closing::text as closing, s.money_in::text as "moneyIn", s.money_out::text as "moneyOut",
      s.count_in as "countIn", s.count_out as "countOut", encode(s.document_sha256, 'hex') as "documentSha256",
      (select jsonb_agg(jsonb_build_object('format', o.format, 'part', o.part, 'key', o.key, 'versionId', o.version_id,
          'sha256', encode(o.sha256, 'hex'), 'bytes', o.bytes)) from ledger.statement_object o where o.statement_id = s.id) as objects
    ${ofBatches('event')} join ledger.statement s on s.id = e.subject_id ${within} and e.subject_type = 'statement' ${inSequence}`,
    valuesOf(page),
  );
  return rows;
}
