import { kept } from './attached.ts';
import type { Check } from './run.ts';

/**
 * Where an account has begun with its statements, what each of them says, and how they touch. That postings are numbered without a gap
 * is `sequences`; so with touching ranges and as many postings as numbers each posting is on exactly one.
 */
export const statements: Check = {
  name: 'statements',
  promise:
    'Every posting of an account up to its last numbered statement is on exactly one of them: each begins where the one before ended, and its figures are those of its postings. An edition repeats the figures, and those on request begin where a numbered one ended.',
  counted: 'statements',
  smallestBy: 'account, then number',
  examined: 'select count(*) from ledger.statement',
  breaches: `
    with kept as materialized ${kept}, uncounted as (
      select a.id as account_id, p.seq, p.balance_after, p.created_at from ledger.account a
      join ledger.statement_plan l on l.tenant_id = a.tenant_id and a.created_at < l.counts_from
      cross join lateral (
        select q.* from (
          (select p.seq, p.balance_after, p.created_at from ledger.posting p where p.account_id = a.id and p.created_at < l.counts_from
            order by p.created_at desc, p.seq desc limit 1)
          union all
          select k.seq, k.balance_after, k.posted_at from kept k where k.account_id = a.id and k.posted_at < l.counts_from) q
        order by q.seq desc limit 1) p
    ), chain as materialized (
      select s.id, s.account_id, s.kind, s.number, s.from_at, s.to_at, s.from_seq, s.to_seq, s.opening, s.closing, s.from_posted_at, s.to_posted_at,
        lag(s.number, 1, 0) over w as number_before, lag(s.to_at) over w as to_before, lag(s.to_seq) over w as seq_before,
        lag(s.closing) over w as closing_before, lag(s.to_posted_at) over w as posted_before, lead(s.id) over w is null as is_last
      from ledger.statement s where s.number is not null and s.replaces_id is null window w as (partition by s.account_id order by s.number)
    ), asked as (
      select s.*, row_number() over (partition by s.account_id, s.day order by s.sequence_of_day) as place
      from ledger.statement s where s.kind = 'interim' and s.replaces_id is null
    )
    select c.account_id::text || lpad(c.number::text, 9, '0') as id,
      format('account %s, statement %s (%s): number %s begins at %s behind posting %s with %s; number %s ended at %s with posting %s, which left %s', c.account_id,
        c.id, c.kind, c.number, c.from_at, c.from_seq, c.opening, c.number_before, c.to_before, coalesce(c.seq_before, u.seq, 0),
        coalesce(c.closing_before, u.balance_after, 0)) as witness
    from chain c left join uncounted u on u.account_id = c.account_id left join kept k on k.account_id = c.account_id
    where c.number <> c.number_before + 1 or c.from_at <> c.to_before
      -- Where the first one begins is known of what is attached, or ends what is detached.
      or ((c.seq_before is not null or c.from_seq >= coalesce(k.seq, 0)) and (c.from_seq, c.opening, c.from_posted_at) is distinct from
        (coalesce(c.seq_before, u.seq, 0), coalesce(c.closing_before, u.balance_after, 0), case when c.seq_before is null then u.created_at else c.posted_before end))
      or (c.kind = 'monthly' and c.to_seq > c.from_seq and c.to_posted_at >= c.to_at) or (c.kind = 'final' and not c.is_last)
    union all
    select concat(s.account_id, lpad(s.number::text, 9, '0')),
      format('account %s, statement %s: up to posting %s it says %s in (%s), %s out (%s), %s late (%s), which leaves %s, and %s at its end; %s postings make %s (%s), %s (%s), %s (%s), and the last leaves %s',
        s.account_id, s.id, s.summed_seq, s.money_in, s.count_in, s.money_out, s.count_out, s.late_amount, s.late_count, s.summed_balance, s.closing,
        p.n, p.money_in, p.count_in, p.money_out, p.count_out, p.late_amount, p.late_count, coalesce(e.balance_after, k.balance_after, 0))
    from ledger.statement s
    cross join lateral (
      select count(*) as n, max(p.created_at) as last_at, count(*) filter (where p.signed > 0) as count_in, count(*) filter (where p.signed < 0) as count_out,
        coalesce(sum(p.signed) filter (where p.signed > 0), 0) as money_in, coalesce(-sum(p.signed) filter (where p.signed < 0), 0) as money_out,
        count(*) filter (where least(p.effective_at, p.created_at) < s.from_at) as late_count,
        coalesce(sum(p.signed) filter (where least(p.effective_at, p.created_at) < s.from_at), 0) as late_amount
      from ledger.posting p
      where p.account_id = s.account_id and p.seq > s.from_seq and p.seq <= s.summed_seq
        and p.created_at >= coalesce(s.from_posted_at, '-infinity') and p.created_at <= s.to_posted_at) p
    left join ledger.posting e on e.account_id = s.account_id and e.seq = s.to_seq and e.created_at = s.to_posted_at
    left join kept k on k.account_id = s.account_id
    -- What has postings in a detached month keeps the sums that were made of them.
    where (s.from_seq >= coalesce(k.seq, 0) and (p.n, p.count_in, p.count_out, p.money_in, p.money_out, p.late_count, p.late_amount, coalesce(p.last_at, s.from_posted_at)) is distinct from
        (s.summed_seq - s.from_seq, s.count_in, s.count_out, s.money_in, s.money_out, s.late_count, s.late_amount, s.summed_at))
      or s.opening + s.money_in - s.money_out <> s.summed_balance
      or (s.to_seq >= coalesce(k.seq, 0) and s.closing <> coalesce(e.balance_after, k.balance_after, 0))
      or (s.status = 'ready' and s.summed_seq <> s.to_seq)
    union all
    select concat(s.account_id, lpad(s.number::text, 9, '0')), format('account %s, statement %s of tenant %s in %s: the account is of tenant %s in %s, a %s one, and %s',
      s.account_id, s.id, s.tenant_id, s.currency, a.tenant_id, a.currency, a.kind, b.status)
    from ledger.statement s left join ledger.account a on a.id = s.account_id left join ledger.balance b on b.account_id = s.account_id
    where (a.tenant_id, a.currency) is distinct from (s.tenant_id, s.currency) or a.kind not in ('customer', 'funding')
      or (s.kind = 'final' and (b.status <> 'closed' or s.closing <> 0))
    union all
    select b.account_id::text, format('account %s is closed, and has no final statement', b.account_id)
    from ledger.balance b join ledger.statement_plan l on l.tenant_id = b.tenant_id and l.counts_from is null
    where b.status = 'closed' and not exists (select 1 from ledger.statement s where s.account_id = b.account_id and s.kind = 'final')
    union all
    select concat(s.account_id, lpad(s.number::text, 9, '0')), format('account %s, statement %s: edition %s has other figures than edition %s (%s), %s', s.account_id, s.id,
      s.edition, r.edition, r.status, r.id)
    from ledger.statement s left join ledger.statement r on r.id = s.replaces_id
    where s.replaces_id is not null and (r.status is distinct from 'ready' or s.edition <= r.edition
      or (to_jsonb(s) - '{id,edition,replaces_id,locale,account_name,account_reference,brand,keep_years,status,due_at,lease,tries}'::text[]
          - '{attention_reason,document_sha256,renderer,created_at,cut_snapshot,ready_at}'::text[])
        <> (to_jsonb(r) - '{id,edition,replaces_id,locale,account_name,account_reference,brand,keep_years,status,due_at,lease,tries}'::text[]
          - '{attention_reason,document_sha256,renderer,created_at,cut_snapshot,ready_at}'::text[]))
    union all
    select i.account_id::text, format('account %s, statement %s on request: the %s of %s, cut at %s, begins behind posting %s with %s at %s, where no statement ended', i.account_id, i.id,
      i.sequence_of_day, i.day, i.created_at, i.from_seq, i.opening, i.from_at)
    from asked i left join uncounted u on u.account_id = i.account_id left join kept k on k.account_id = i.account_id
    where i.place <> i.sequence_of_day or i.day <> (i.created_at at time zone 'UTC')::date
      or (not exists (select 1 from chain c
          where c.account_id = i.account_id and (c.to_seq, c.closing, c.to_at) = (i.from_seq, i.opening, i.from_at) and c.to_posted_at is not distinct from i.from_posted_at)
        and i.from_seq >= coalesce(k.seq, 0)
        and (i.from_seq, i.opening, i.from_posted_at) is distinct from (coalesce(u.seq, 0), coalesce(u.balance_after, 0), u.created_at))`,
};
