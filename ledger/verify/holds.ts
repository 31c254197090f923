import type { Check } from './run.ts';

export const holds: Check = {
  name: 'holds',
  promise:
    'An open transfer has exactly one active hold, of its own account and amount; an ended one has it captured or released as its state says.',
  counted: 'holds',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.hold',
  breaches: `
    select coalesce(t.id, h.transfer_id)::text as id,
      format('transfer %s is %s over %s, its hold is %s over %s', coalesce(t.id, h.transfer_id), coalesce(t.state, 'not there'), t.amount,
        coalesce(h.state, 'not there'), h.amount) as witness
    from ledger.transfer t full join ledger.hold h on h.transfer_id = t.id
    where t.id is null
      or h.state is distinct from case
        when t.state in ('scheduled', 'submitting', 'unknown') then 'active'
        when t.state in ('rejected', 'failed', 'cancelled') then 'released'
        when t.state = 'declined' then null
        -- What the ledger booked at once never was on hold.
        when exists (select 1 from ledger.event e where e.subject_id = t.id and e.cause = 'book_posted')
          or exists (select 1 from ledger.kept_event e where e.transfer_id = t.id and e.cause = 'book_posted') then null
        else 'captured' end
      or h.amount <> t.amount or h.currency <> t.currency or h.tenant_id <> t.tenant_id or h.account_id <> t.source_account_id
      or (t.rail = 'book' and h.counter_account_id <> t.destination_account_id)
    union all
    select transfer_id::text, format('transfer %s has %s holds', transfer_id, count(*)) from ledger.hold group by transfer_id having count(*) > 1`,
};
