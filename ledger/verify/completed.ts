import type { Check } from './run.ts';

/**
 * A rail that took what we had given back leaves one entry of its own, suspense to clearing: that is the only entry of a
 * transfer that is not completed.
 */
export const completed: Check = {
  name: 'completed',
  promise:
    'A completed transfer has exactly one entry, from its source to its destination (or its clearing account), over its amount; others have none.',
  examined: "select count(*) from ledger.transfer where state in ('completed', 'reversed')",
  breaches: `
    with written as (
      select p.transfer_id, count(distinct p.entry_id) as entries, count(*) as postings, min(p.entry_id::text) as entry_id, min(p.amount) as least,
        max(p.amount) as most, min(p.currency) as currency, min(p.account_id::text) filter (where p.side = 'debit') as debit,
        min(p.account_id::text) filter (where p.side = 'credit') as credit
      from ledger.posting p where p.transfer_id is not null group by p.transfer_id
    ), expected as (
      select t.id, t.state, t.amount, t.currency, t.entry_id, t.state in ('completed', 'reversed') or a.is_taken as has_entry,
        case when t.state in ('completed', 'reversed') then t.source_account_id else s.id end as debit,
        case when t.rail = 'book' then t.destination_account_id else a.clearing_account_id end as credit
      from ledger.transfer t
      left join lateral (
        select x.clearing_account_id, x.contradicted_at is not null and t.state in ('rejected', 'failed', 'cancelled') as is_taken
        from ledger.attempt x where x.transfer_id = t.id and x.n = 1) a on true
      left join ledger.account s on s.tenant_id = t.tenant_id and s.currency = t.currency and s.kind = 'suspense'
    )
    select coalesce(x.id, w.transfer_id)::text as id,
      format('transfer %s is %s over %s (entry %s) and has %s entries: %s from %s to %s', coalesce(x.id, w.transfer_id), coalesce(x.state, 'not there'), x.amount,
        coalesce(x.entry_id::text, 'none'), coalesce(w.entries, 0), w.most, w.debit, w.credit) as witness
    from expected x full join written w on w.transfer_id = x.id
    where x.id is null
      or (not coalesce(x.has_entry, false) and (w.entries is not null or x.entry_id is not null))
      or (x.has_entry and (w.entries is distinct from 1 or w.postings <> 2 or w.least <> x.amount or w.most <> x.amount or w.currency <> x.currency
        or w.debit is distinct from x.debit::text or w.credit is distinct from x.credit::text))
      or (x.state in ('completed', 'reversed') and x.entry_id::text is distinct from w.entry_id)`,
};
