import type { Check } from './run.ts';

/** A reversal that was declined undid nothing: its transfer stays completed. */
export const reversals: Check = {
  name: 'reversals',
  promise:
    'A reversed transfer and the one that undoes it name each other: the same amount between the same accounts of the book, the other way round, from that instant on; nothing is undone twice.',
  counted: 'reversed transfers and reversals',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.transfer where reverses_id is not null or reversed_by_id is not null',
  breaches: `
    select coalesce(t.id, r.id)::text as id,
      format('transfer %s is %s over %s, undone by %s; transfer %s over %s undoes %s', coalesce(t.id::text, 'none'), coalesce(t.state, 'not there'), t.amount,
        coalesce(t.reversed_by_id::text, 'none'), coalesce(r.id::text, 'none'), r.amount, coalesce(r.reverses_id::text, 'none')) as witness
    from (select * from ledger.transfer where state = 'reversed' or reversed_by_id is not null) t
    full join (select * from ledger.transfer where state = 'completed' and reverses_id is not null) r on r.reverses_id = t.id and r.id = t.reversed_by_id
    where t.id is null or r.id is null or t.state <> 'reversed' or t.rail <> 'book' or r.rail <> 'book' or t.reverses_id is not null
      or t.tenant_id <> r.tenant_id or t.amount <> r.amount or t.currency <> r.currency
      or t.source_account_id <> r.destination_account_id or t.destination_account_id <> r.source_account_id or t.state_since <> r.completed_at
    union all
    select r.id::text, format('transfer %s is %s and undoes %s, which is not there', r.id, r.state, r.reverses_id)
    from ledger.transfer r
    where r.reverses_id is not null and not exists (select 1 from ledger.transfer t where t.id = r.reverses_id and t.tenant_id = r.tenant_id)
    union all
    select v.subject_id::text, format('transfer %s: its event %s names %s as what undid it, its row %s', v.subject_id, v.cause,
      coalesce(v.evidence ->> 'reversed_by_id', 'nothing'), coalesce(t.reversed_by_id::text, 'nothing'))
    from ledger.event v join ledger.transfer t on t.id = v.subject_id
    where (v.evidence ->> 'reversed_by_id') is distinct from case v.cause when 'reversed' then t.reversed_by_id::text end`,
};
