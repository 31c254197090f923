import { attachedFrom, isYoung, kept as keptOf } from './attached.ts';
import type { Check } from './run.ts';

/**
 * What detached months leave behind, compared with what is still there. That it leads up to the first attached posting of each account is
 * `sequences`, to its balance `balances`, to its version `limits`, and to the reversals of entries `requests`.
 */
export const kept: Check = {
  name: 'kept',
  promise:
    'Months are detached oldest first, without a gap; what is kept of their accounts, transfers and entries has as many postings as they had, and agrees with accounts, statements, transfers and whatever is attached.',
  counted: 'balances',
  smallestBy: 'account, transfer, entry or month',
  examined: 'select count(*) from ledger.balance',
  breaches: `
    with month as materialized (
      select m.*, lag(m.to_at) over (order by m.month) as to_before, lag(m.status) over (order by m.month) as status_before from ledger.detached_month m
    ), attached as materialized (
      select to_date(right(c.relname, 7), 'YYYY_MM') as month, string_agg(p.relname, ' ' order by p.relname) as tables
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relnamespace = 'ledger'::regnamespace and p.relname in ('entry', 'posting', 'event') group by 1
    ), balance as materialized ${keptOf}
    select to_char(m.month, 'YYYY-MM') as id, format('month %s is %s, behind one that is %s and ends at %s; attached are its tables %s', to_char(m.month, 'YYYY-MM'), m.status,
      m.status_before, m.to_before, coalesce(a.tables, 'none')) as witness
    from month m left join attached a on a.month = m.month
    where (m.from_at, m.to_at) is distinct from (m.month::timestamp at time zone 'UTC', (m.month::timestamp + interval '1 month') at time zone 'UTC')
      or m.from_at <> m.to_before or (m.status = 'detached') <> (a.tables is null) or (m.status = 'detached' and m.status_before <> 'detached')
      or a.tables <> 'entry event posting'
    union all
    select 'postings', format('%s postings are kept of accounts, the detached months had %s', k.n, m.n)
    from (select coalesce(sum(seq), 0) as n from balance) k, (select coalesce(sum(postings), 0) as n from month where status = 'detached') m where k.n <> m.n
    union all
    select 'entries', format('the detached months had %s entries, the batches of that time wrote %s', m.n, b.n)
    from (select coalesce(sum(entries), 0) as n from month where status = 'detached') m,
      (select coalesce(sum(entries), 0) as n from ledger.batch where created_at < ${attachedFrom}) b where m.n <> b.n
    union all
    select k.account_id::text, format('account %s of tenant %s in %s on the side %s is kept of tenant %s in %s on the side %s, with debits %s and credits %s that leave %s', k.account_id,
      b.tenant_id, b.currency, b.normal, k.tenant_id, k.currency, k.normal, k.debit_posted, k.credit_posted, k.balance_after)
    from ledger.kept_balance k left join ledger.balance b on b.account_id = k.account_id
    where (k.tenant_id, k.currency, k.normal::int) is distinct from (b.tenant_id, b.currency, b.normal::int) or k.balance_after <> k.normal * (k.credit_posted - k.debit_posted)
    union all
    select k.account_id::text, format('account %s: posting %s of %s is kept with %s, the attached one is of %s with %s', k.account_id, k.seq, k.posted_at, k.balance_after, p.created_at, p.balance_after)
    from ledger.kept_balance k join ledger.posting p on p.account_id = k.account_id and p.seq = k.seq
    where (p.created_at, p.balance_after) <> (k.posted_at, k.balance_after)
    union all
    select k.account_id::text, format('account %s: posting %s of %s is kept in %s, which is %s', k.account_id, k.seq, k.posted_at, to_char(k.month, 'YYYY-MM'), coalesce(m.status, 'not there'))
    from ledger.kept_balance k left join month m on m.month = k.month where m.month is null or k.posted_at < m.from_at or k.posted_at >= m.to_at
    union all
    select k.account_id::text, format('account %s stood at %s after posting %s of %s, statement %s says %s at %s', k.account_id, k.balance_after, k.seq, k.posted_at, s.id, s.closing, s.to_posted_at)
    from balance k join ledger.statement s on s.account_id = k.account_id and s.to_seq = k.seq where (s.closing, s.to_posted_at) is distinct from (k.balance_after, k.posted_at)
    union all
    select k.account_id::text, format('account %s: posting %s of %s is on no statement that is ready', k.account_id, k.seq, k.posted_at)
    from balance k join ledger.account a on a.id = k.account_id and a.kind in ('customer', 'funding') left join ledger.statement_plan l on l.tenant_id = k.tenant_id
    where not coalesce(k.posted_at < l.counts_from, false) and not exists (
      select 1 from ledger.statement s where s.account_id = k.account_id and s.number is not null and s.to_seq >= k.seq and s.status = 'ready')
    union all
    select t.id::text, format('transfer %s of %s (%s, entry %s, refused %s) is kept as %s by %s with %s', t.id, t.created_at, t.state, coalesce(t.entry_id::text, 'none'),
      coalesce(t.refusal_code, 'no'), coalesce(k.to_state, 'nothing'), k.cause, k.evidence)
    from ledger.transfer t left join ledger.kept_event k on k.transfer_id = t.id and k.version = 1
    where t.created_at < ${attachedFrom} and (k.tenant_id is distinct from t.tenant_id
      or (k.evidence ->> 'entry_id') is distinct from case k.to_state when 'completed' then t.entry_id::text end
      or (k.evidence -> 'refusal' ->> 'code') is distinct from case k.to_state when 'declined' then t.refusal_code end
      or not exists (select 1 from ledger.transition d where d.from_state = '' and d.cause = k.cause and d.to_state = k.to_state))
    union all
    select t.id::text, format('transfer %s was cancelled at %s in version %s at most, and is kept so in version %s', t.id, t.state_since, t.version, coalesce(k.version::text, 'none'))
    from ledger.transfer t left join ledger.kept_event k on k.transfer_id = t.id and k.cause = 'cancelled'
    where t.state = 'cancelled' and t.state_since < ${attachedFrom} and (k.version is null or k.version > t.version or k.to_state <> 'cancelled')
    union all
    select k.transfer_id::text, format('transfer %s is kept in version %s as %s by %s with %s; %s', k.transfer_id, k.version, k.to_state, k.cause, k.evidence,
      case when t.id is null then 'it is not there' else 'its event says ' || e.to_state || ' by ' || e.cause || ' with ' || e.evidence end)
    from ledger.kept_event k left join ledger.transfer t on t.id = k.transfer_id and t.tenant_id = k.tenant_id
    left join ledger.event e on e.subject_id = k.transfer_id and e.version = k.version
    where t.id is null or (e.id is not null and (e.cause, e.to_state, case e.version when 1 then e.evidence end) is distinct from (k.cause, k.to_state, k.evidence))
    union all
    select k.id::text, format('entry %s of tenant %s is kept with the date %s; its request is of tenant %s at %s, the attached entry has %s', k.id, k.tenant_id, k.effective_at,
      coalesce(r.tenant_id::text, 'none'), r.created_at, e.effective_at)
    from ledger.kept_entry k left join ledger.entry_request r on r.id = k.id left join ledger.entry e on e.id = k.id
    where r.tenant_id <> k.tenant_id or r.refusal_code is not null or k.effective_at > r.created_at + interval '2 minutes' or e.effective_at <> k.effective_at
      -- Without a request of its own it was asked to be reversed: a capture's, or a transfer's.
      or (r.id is null and not exists (select 1 from ledger.entry_request a where a.reverses_id = k.id and a.tenant_id = k.tenant_id))
    union all
    select a.reverses_id::text, format('entry %s was asked to be reversed by %s, and its legs are not kept', a.reverses_id, a.id)
    from ledger.entry_request a left join ledger.entry_request r on r.id = a.reverses_id
    where a.reverses_id is not null and case when r.id is null then not ${isYoung('a.reverses_id')} else r.created_at < ${attachedFrom} end
      and ${attachedFrom} > '-infinity' and not exists (select 1 from ledger.kept_entry k where k.id = a.reverses_id)`,
};
