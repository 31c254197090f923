import type { Check } from './run.ts';

export const tenants: Check = {
  name: 'tenants',
  promise: 'Whatever a transfer names or owns belongs to its tenant.',
  counted: 'transfers',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.transfer',
  breaches: `
    select t.id::text as id, format('transfer %s of tenant %s names the %s %s of tenant %s', t.id, t.tenant_id, x.what, x.id, x.tenant_id) as witness
    from ledger.transfer t join (
      select id as owner, 'source account' as what, source_account_id as account_id from ledger.transfer
      union all select id, 'destination account', destination_account_id from ledger.transfer
      union all select transfer_id, 'held account', account_id from ledger.hold
      union all select transfer_id, 'counter account', counter_account_id from ledger.hold
      union all select transfer_id, 'clearing account', clearing_account_id from ledger.attempt) n on n.owner = t.id
    join lateral (select n.what, a.id, a.tenant_id from ledger.account a where a.id = n.account_id) x on true
    where x.tenant_id <> t.tenant_id
    union all
    select t.id::text, format('transfer %s of tenant %s has the %s %s of tenant %s', t.id, t.tenant_id, x.what, x.part, x.tenant_id)
    from ledger.transfer t join (
      select transfer_id, 'hold' as what, '' as part, tenant_id from ledger.hold
      union all select transfer_id, 'attempt', n::text, tenant_id from ledger.attempt
      union all select transfer_id, 'send', n::text, tenant_id from ledger.send
      union all select subject_id, 'event', version::text, tenant_id from ledger.event
      union all select transfer_id, 'entry', id::text, tenant_id from ledger.entry where transfer_id is not null
      union all select subject_id, 'notice', version::text, tenant_id from ledger.notice_due) x on x.transfer_id = t.id
    where x.tenant_id <> t.tenant_id`,
};
