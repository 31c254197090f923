import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

export const requests: Check = {
  name: 'requests',
  promise:
    'A request for an entry has its one key; posted, it made that entry, and refused, none. An entry is reversed once, by the same legs with their sides turned; what completed a transfer, and a reversal, never is.',
  counted: 'requests for entries, and reversals',
  smallestBy: 'entry',
  examined:
    'select (select count(*) from ledger.entry_request) + (select count(*) from ledger.entry where reverses_id is not null)',
  breaches: `
    select r.id::text as id, format('the request %s of %s was %s, its entry is %s and reverses %s; %s keys name it', r.id, r.created_at,
      coalesce('refused (' || r.refusal_code || ')', 'posted'), coalesce('of ' || e.created_at, 'not there'), coalesce(e.reverses_id::text, 'nothing'), k.n) as witness
    from ledger.entry_request r
    left join ledger.entry e on e.id = r.id
    cross join lateral (select count(*) as n from ledger.idempotency_key k where k.entry_id = r.id and k.tenant_id = r.tenant_id) k
    where k.n <> 1 or ((r.refusal_code is null) <> (e.id is not null) and r.created_at >= ${attachedFrom})
      or (e.id is not null and (e.created_at <> r.created_at or e.tenant_id <> r.tenant_id or e.reverses_id is distinct from r.reverses_id or e.transfer_id is not null))
    union all
    select e.id::text, format('entry %s reverses %s, which %s', e.id, e.reverses_id, case when o.id is null then 'is not there' else 'may not be reversed' end)
    from ledger.entry e left join ledger.entry o on o.id = e.reverses_id
    -- Of one in a detached month its legs are kept, because somebody asked to reverse it.
    left join ledger.kept_entry q on q.id = e.reverses_id
    where e.reverses_id is not null and ((o.id is null and q.id is null) or coalesce(o.tenant_id, q.tenant_id) <> e.tenant_id or o.transfer_id is not null or o.reverses_id is not null
      or not exists (select 1 from ledger.entry_request r where r.id = e.id and r.reverses_id = e.reverses_id))
    union all
    select reverses_id::text, format('entry %s is reversed %s times', reverses_id, count(*)) from ledger.entry where reverses_id is not null
    group by reverses_id having count(*) > 1
    union all
    select e.id::text, format('entry %s does not turn each leg of %s', e.id, e.reverses_id)
    from ledger.entry e
    where e.reverses_id is not null and exists (
      select 1
      from (select leg, side, account_id, amount, currency from ledger.posting where entry_id = e.id) new
      full join (select leg, case side when 'debit' then 'credit' else 'debit' end as side, account_id, amount, currency
        from ledger.posting where entry_id = e.reverses_id
        union
        select l.leg, s.side, s.account_id, l.amount, l.currency
        from ledger.kept_entry q cross join jsonb_to_recordset(q.legs) l (leg smallint, debit_account_id uuid, credit_account_id uuid, amount bigint, currency text)
        cross join lateral (values ('credit', l.debit_account_id), ('debit', l.credit_account_id)) s (side, account_id) where q.id = e.reverses_id) old
        on old.leg = new.leg and old.side = new.side and old.account_id = new.account_id and old.amount = new.amount and old.currency = new.currency
      where old.leg is null or new.leg is null)`,
};
