import type { Check } from './run.ts';

export const causes: Check = {
  name: 'causes',
  promise:
    'Every entry has its cause: the transfer that it completed or that contradicts it, the capture of a hold, or the key of the request that made it.',
  counted: 'entries',
  smallestBy: 'entry',
  examined: 'select count(*) from ledger.entry',
  breaches: `
    select e.id::text as id, format('entry %s of %s has no cause: it is of %s, and no key names it', e.id, e.created_at,
      coalesce('transfer ' || e.transfer_id, 'no transfer')) as witness
    from ledger.entry e
    left join ledger.transfer t on t.id = e.transfer_id
    where t.id is null and not exists (select 1 from ledger.idempotency_key k where k.tenant_id = e.tenant_id and k.entry_id = e.id)
      and not exists (select 1 from ledger.hold_request r where r.tenant_id = e.tenant_id and r.entry_id = e.id)
    union all
    select e.id::text, format('entry %s is of transfer %s, and no event of that transfer names it', e.id, e.transfer_id)
    from ledger.entry e
    join ledger.transfer t on t.id = e.transfer_id
    where not exists (select 1 from ledger.event v where v.subject_id = t.id and v.evidence ->> 'entry_id' = e.id::text)`,
};
