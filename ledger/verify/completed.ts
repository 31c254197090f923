import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/**
 * A rail that took what we had given back, or took it once more, leaves an entry of its own for each reference, suspense to
 * clearing. A contradiction that found no room in the counters has none, and is named here too.
 */
export const completed: Check = {
  name: 'completed',
  promise:
    'A completed transfer has its entry, from its source to its destination (or its clearing account), over its amount; each contradiction by which the rail took it has one from suspense; there are no others.',
  counted: 'completed and reversed transfers',
  smallestBy: 'transfer, then entry',
  examined: "select count(*) from ledger.transfer where state in ('completed', 'reversed')",
  breaches: `
    with written as (
      select p.transfer_id, p.entry_id, count(*) as postings, min(p.amount) as least, max(p.amount) as most, min(p.currency) as currency,
        min(p.account_id::text) filter (where p.side = 'debit') as debit, min(p.account_id::text) filter (where p.side = 'credit') as credit
      from ledger.posting p where p.transfer_id is not null group by p.transfer_id, p.entry_id
    ), expected as (
      select t.id, t.state, t.entry_id, t.amount, t.currency, t.source_account_id::text as debit,
        case when t.rail = 'book' then t.destination_account_id else a.clearing_account_id end::text as credit
      from ledger.transfer t left join ledger.attempt a on a.transfer_id = t.id and a.n = 1
      where (t.state in ('completed', 'reversed') or t.entry_id is not null) and coalesce(t.completed_at, t.state_since) >= ${attachedFrom}
      union all
      select t.id, t.state || ' and contradicted', c.entry_id, t.amount, t.currency, s.id::text, a.clearing_account_id::text
      from ledger.contradiction c
      join ledger.transfer t on t.id = c.transfer_id
      join ledger.attempt a on a.transfer_id = c.transfer_id and a.n = c.attempt_n
      left join ledger.account s on s.tenant_id = t.tenant_id and s.currency = t.currency and s.kind = 'suspense'
      where c.outcome = 'accepted' and c.created_at >= ${attachedFrom}
    )
    select coalesce(x.id, w.transfer_id)::text || coalesce(x.entry_id::text, w.entry_id::text, '') as id,
      format('transfer %s is %s over %s (entry %s), and written is entry %s over %s from %s to %s', coalesce(x.id, w.transfer_id),
        coalesce(x.state, 'not completed'), x.amount, coalesce(x.entry_id::text, 'none'), coalesce(w.entry_id::text, 'none'), w.most, w.debit, w.credit) as witness
    from expected x full join written w on w.transfer_id = x.id and w.entry_id = x.entry_id
    where x.id is null or w.entry_id is null or x.state not like 'completed%' and x.state not like 'reversed%' and x.state not like '%contradicted'
      or w.postings <> 2 or w.least <> x.amount or w.most <> x.amount or w.currency <> x.currency
      or w.debit is distinct from x.debit or w.credit is distinct from x.credit`,
};
