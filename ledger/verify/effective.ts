import type { Check } from './run.ts';

export const effective: Check = {
  name: 'effective',
  promise:
    'Every posting has the effective time of its entry; only what a request asked for has another than that of its commit.',
  counted: 'postings',
  smallestBy: 'entry',
  examined: 'select count(*) from ledger.posting',
  breaches: `
    select p.entry_id::text as id, format('posting %s of account %s is effective at %s, its entry %s of %s at %s', p.seq, p.account_id, p.effective_at, e.id,
      e.created_at, e.effective_at) as witness
    from ledger.posting p join ledger.entry e on e.id = p.entry_id
    where p.effective_at <> e.effective_at or e.effective_at > e.created_at + interval '2 minutes'
      or (e.effective_at <> e.created_at and not exists (select 1 from ledger.idempotency_key k where k.tenant_id = e.tenant_id and k.entry_id = e.id))`,
};
