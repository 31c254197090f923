import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

export const statementObjects: Check = {
  name: 'statement-objects',
  promise:
    'A statement that is ready has the objects of its parts, each under a key of its own, kept as long as it says, and its document; it has one event, which names that. Others have none.',
  counted: 'objects of statements',
  smallestBy: 'statement',
  examined: 'select count(*) from ledger.statement_object',
  breaches: `
    with stated as (
      select s.*, greatest(ceil((s.to_seq - s.from_seq) / 5000.0), 1)::int as parts from ledger.statement s
    ), stored as (
      select o.statement_id, count(*) filter (where o.part > 0 and o.format = 'json') as documents, count(*) filter (where o.part > 0 and o.format = 'pdf') as pdfs,
        count(*) filter (where o.part = 0 and o.format = 'pdf') as whole_pdfs, max(o.part) as last_part,
        max(encode(o.sha256, 'hex')) filter (where o.part = 0 and o.format = 'json') as document from ledger.statement_object o group by o.statement_id
    ), kept as (
      select o.*, s.account_id, s.to_at, s.keep_years, s.ready_at, s.tenant_id as tenant_of_it, regexp_replace(o.key, '/[^/]*$', '') as folder,
        case s.kind when 'interim' then format('0-%s-%s', to_char(s.day, 'YYYYMMDD'), s.sequence_of_day) else format('%s-%s', s.month, s.number) end
          || format('-%s%s.%s', s.edition, case when o.part > 0 then '.p' || o.part end, o.format) as name
      from ledger.statement_object o join stated s on s.id = o.statement_id
    )
    select s.id::text as id, format('statement %s of account %s is %s with the document %s in %s parts; it has the document %s, its PDF %s times, and %s documents and %s PDFs of parts up to %s',
      s.id, s.account_id, s.status, encode(s.document_sha256, 'hex'), s.parts, coalesce(o.document, 'none'), coalesce(o.whole_pdfs, 0), coalesce(o.documents, 0),
      coalesce(o.pdfs, 0), coalesce(o.last_part, 0)) as witness
    from stated s left join stored o on o.statement_id = s.id
    where case when s.status = 'cut' then o.statement_id is not null
      else encode(s.document_sha256, 'hex') is distinct from o.document
        or (s.parts = 1 and (o.whole_pdfs <> 1 or o.last_part <> 0)) or (s.parts > 1 and (o.documents <> s.parts or o.pdfs <> s.parts or o.last_part <> s.parts)) end
    union all
    select k.statement_id::text, format('statement %s of account %s: %s of part %s is under %s (%s), of tenant %s, put at %s and kept (%s) until %s; it ends at %s and is kept %s years',
      k.statement_id, k.account_id, k.format, k.part, k.key, k.version_id, k.tenant_id, k.created_at, k.mode, k.retain_until, k.to_at, k.keep_years)
    from kept k
    where k.tenant_id <> k.tenant_of_it or k.created_at is distinct from k.ready_at or k.key <> k.folder || '/' || k.name
      or k.retain_until < k.to_at + make_interval(years => k.keep_years)
    union all
    -- The folder of an account is made of two ids, which SQL does not write: that each has its own says as much.
    select min(k.statement_id::text), format('statement %s: its folder %s is that of %s accounts', min(k.statement_id::text), k.folder, count(distinct k.account_id))
    from kept k group by k.folder having count(distinct k.account_id) > 1
    union all
    select min(k.statement_id::text), format('statement %s: account %s has %s folders', min(k.statement_id::text), k.account_id, count(distinct k.folder))
    from kept k group by k.account_id having count(distinct k.folder) > 1
    union all
    select coalesce(s.id, e.subject_id)::text, format('statement %s of account %s is %s since %s; its event is version %s of tenant %s, %s at %s, and says %s', coalesce(s.id, e.subject_id),
      s.account_id, coalesce(s.status, 'not there'), s.ready_at, coalesce(e.version::text, 'none'), e.tenant_id, e.to_state, e.created_at, e.evidence)
    from (select * from ledger.statement where status = 'ready' and ready_at >= ${attachedFrom}) s
    full join (select * from ledger.event where subject_type = 'statement') e on e.subject_id = s.id
    where (e.tenant_id, e.version, e.from_state, e.to_state, e.created_at) is distinct from (s.tenant_id, 1, null, 'ready', s.ready_at)
      or (e.evidence ->> 'account_id', e.evidence ->> 'document_sha256') is distinct from (s.account_id::text, encode(s.document_sha256, 'hex'))`,
};
