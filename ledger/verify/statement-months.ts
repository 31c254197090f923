import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/**
 * A posting belongs to the month of its time if its commit had ended when that month was cut, and only then: under a clock that was
 * set back another may follow with such a time. The number of its transaction says which. Nor is it in a month at whose end its
 * account was not open yet by that clock. The digest goes along the accounts, one step of an index for each statement.
 */
export const statementMonths: Check = {
  name: 'statement-months',
  promise:
    "A tenant's months touch, and count their statements. In one that is closed every account has a statement that is ready, or nothing to state, and the digest is that of all of them, of which its tenant was told once.",
  counted: 'months of statements',
  smallestBy: 'tenant, then month; or account',
  examined: 'select count(*) from ledger.statement_month',
  breaches: `
    with recursive month as (
      select m.*, l.next_from_at, l.next_month, lag(m.to_at) over w as to_before, lag(m.month) over w as month_before, lead(m.month) over w is null as is_last
      from ledger.statement_month m left join ledger.statement_plan l on l.tenant_id = m.tenant_id window w as (partition by m.tenant_id order by m.from_at)
    ), made as (
      select tenant_id, month, count(*) as statements, count(*) filter (where status = 'ready') as ready,
        count(*) filter (where status = 'cut' and attention_reason is not null) as attention
      from ledger.statement where kind = 'monthly' and replaces_id is null group by tenant_id, month
    ), told as (
      select tenant_id, month, sum(ready) as ready, sum(attention) as attention from ledger.statement_tally group by tenant_id, month
    ), digested (tenant_id, month, n, digest, opened_at, account_id) as (
      select m.tenant_id, m.month, 0, sha256(''), '-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid
      from ledger.statement_month m where m.status = 'closed'
      union all
      select d.tenant_id, d.month, d.n + 1, sha256(d.digest || uuid_send(s.account_id) || int4send(s.number) || s.document_sha256), s.opened_at, s.account_id
      from digested d cross join lateral (
        select a.created_at as opened_at, s.account_id, s.number, s.document_sha256
        from ledger.account a join ledger.statement s on s.account_id = a.id and s.month = d.month and s.kind = 'monthly' and s.replaces_id is null
        where a.tenant_id = d.tenant_id and a.kind in ('customer', 'funding') and (a.created_at, a.id) > (d.opened_at, d.account_id)
        order by a.created_at, a.id limit 1) s
    ), last_of as (
      select account_id, max(to_seq) as to_seq from ledger.statement where number is not null and replaces_id is null group by account_id
    ), left_out as (
      -- The first posting that is on no statement yet, and the first of a statement that goes back into an earlier month.
      select b.tenant_id, b.account_id, coalesce(o.to_seq, u.seq, 0) as behind, null::text as month from ledger.balance b
      left join last_of o on o.account_id = b.account_id join ledger.statement_plan l on l.tenant_id = b.tenant_id
      left join lateral (
        select max(q.seq) as seq from (
          (select p.seq from ledger.posting p where p.account_id = b.account_id and o.to_seq is null and p.created_at < l.counts_from
            order by p.created_at desc, p.seq desc limit 1)
          union all
          select k.seq from ledger.kept_balance k where k.account_id = b.account_id and o.to_seq is null and k.posted_at < l.counts_from) q) u on true
      where b.kind in ('customer', 'funding') and b.seq > coalesce(o.to_seq, u.seq, 0)
      union all
      select s.tenant_id, s.account_id, s.from_seq, s.month
      from ledger.statement s join ledger.statement_month m on m.tenant_id = s.tenant_id and m.month = s.month
      where s.kind = 'monthly' and s.replaces_id is null and s.from_at < m.from_at and s.to_seq > s.from_seq
    )
    select coalesce(m.tenant_id, s.tenant_id, t.tenant_id)::text || coalesce(m.month, s.month, t.month) as id,
      format('tenant %s, month %s (%s) from %s to %s, behind %s to %s, before %s: it counts %s statements, %s ready, %s with attention; there are %s, %s and %s',
        coalesce(m.tenant_id, s.tenant_id, t.tenant_id), coalesce(m.month, s.month, t.month), coalesce(m.status, 'not there'), m.from_at, m.to_at, m.month_before, m.to_before,
        m.next_from_at, m.accounts, coalesce(t.ready, 0), coalesce(t.attention, 0), coalesce(s.statements, 0), coalesce(s.ready, 0), coalesce(s.attention, 0)) as witness
    from month m full join made s on s.tenant_id = m.tenant_id and s.month = m.month
      full join told t on t.tenant_id = coalesce(m.tenant_id, s.tenant_id) and t.month = coalesce(m.month, s.month)
    where m.month is null or m.from_at <> m.to_before or m.month <= m.month_before or (m.is_last and (m.next_from_at is distinct from m.to_at or m.next_month <= m.month))
      or m.accounts <> coalesce(s.statements, 0) or (coalesce(t.ready, 0), coalesce(t.attention, 0)) <> (coalesce(s.ready, 0), coalesce(s.attention, 0))
      or (m.status = 'closed' and (s.ready <> s.statements or m.closing_after is not null))
    union all
    select s.tenant_id::text || s.month, format('tenant %s, month %s: statement %s of account %s ends at %s in %s, the month at %s in %s', s.tenant_id, s.month, s.id, s.account_id,
      s.to_at, s.zone, m.to_at, m.zone)
    from ledger.statement s join ledger.statement_month m on m.tenant_id = s.tenant_id and m.month = s.month and s.kind = 'monthly'
    where (s.to_at, s.zone) <> (m.to_at, m.zone)
    union all
    select s.tenant_id::text || coalesce(s.month, ''), format('tenant %s: the first statement %s of account %s begins at %s, when no month does', s.tenant_id, s.id, s.account_id, s.from_at)
    from ledger.statement s join ledger.statement_plan l on l.tenant_id = s.tenant_id
    where s.number = 1 and s.from_at <> l.next_from_at and not exists (select 1 from month m where m.tenant_id = s.tenant_id and m.from_at = s.from_at)
    union all
    select d.tenant_id::text || d.month, format('tenant %s, month %s: its digest is %s, that of its %s statements %s', d.tenant_id, d.month, encode(m.digest, 'hex'), d.n, encode(d.digest, 'hex'))
    from (select distinct on (tenant_id, month) * from digested order by tenant_id, month, n desc) d
    join ledger.statement_month m on m.tenant_id = d.tenant_id and m.month = d.month where m.digest is distinct from d.digest
    union all
    select a.id::text, format('account %s of tenant %s had nothing posted, and has no statement of %s', a.id, a.tenant_id, m.month)
    from ledger.statement_month m join ledger.account a on a.tenant_id = m.tenant_id and a.created_at < m.to_at and a.kind in ('customer', 'funding')
    join ledger.balance b on b.account_id = a.id and b.status <> 'closed'
    where m.status = 'closed' and (m.quiet = 'monthly' or (m.quiet = 'quarterly' and right(m.month, 2) in ('03', '06', '09', '12')))
      and not exists (select 1 from ledger.statement s where s.account_id = a.id and s.month = m.month and s.kind = 'monthly' and s.replaces_id is null)
    union all
    select o.account_id::text, format('account %s of tenant %s: posting %s of %s is not on its statement of %s', o.account_id, o.tenant_id, p.seq, p.created_at, m.month)
    from left_out o join ledger.posting p on p.account_id = o.account_id and p.seq = o.behind + 1
    join ledger.statement_month m on m.tenant_id = o.tenant_id and p.created_at >= m.from_at and p.created_at < m.to_at and m.cut_at is not null
      and m.month is distinct from o.month
    join ledger.account a on a.id = o.account_id and a.created_at < m.to_at
    join ledger.entry e on e.id = p.entry_id and e.created_at = p.created_at join ledger.batch b on b.id = e.batch_id
    where b.xid < m.cut_after
    union all
    select coalesce(m.tenant_id::text || m.month, e.tenant_id::text || e.subject_id), format('tenant %s, month %s is closed since %s with %s statements and the digest %s; its event is version %s of tenant %s, %s at %s, and says %s',
      m.tenant_id, coalesce(m.month, 'none'), m.closed_at, m.accounts, encode(m.digest, 'hex'), coalesce(e.version::text, 'none'), e.tenant_id, e.cause, e.created_at, e.evidence)
    from (select * from ledger.statement_month where status = 'closed' and id is not null) m
    full join (select * from ledger.event where subject_type = 'statement_run') e on e.subject_id = m.id
    where not (e.subject_id is null and m.closed_at < ${attachedFrom})
      and ((e.tenant_id, e.version, e.from_state, e.cause, e.to_state, e.created_at) is distinct from (m.tenant_id, 1, null, 'run_closed', 'closed', m.closed_at)
      or (e.evidence ->> 'month', e.evidence ->> 'statements', e.evidence ->> 'digest') is distinct from (m.month, m.accounts::text, encode(m.digest, 'hex')))`,
};
