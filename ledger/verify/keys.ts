import type { Check } from './run.ts';

export const keys: Check = {
  name: 'keys',
  promise: 'Every transfer has one idempotency key, and what a key names is there.',
  examined: 'select count(*) from ledger.idempotency_key',
  breaches: `
    select coalesce(t.id, k.transfer_id)::text as id,
      format('transfer %s (key %L) and key %L (transfer %s) are not each other''s', coalesce(t.id::text, 'none'), t.idempotency_key, k.key,
        coalesce(k.transfer_id::text, 'none')) as witness
    from ledger.transfer t
    full join (select * from ledger.idempotency_key where transfer_id is not null) k on k.transfer_id = t.id and k.tenant_id = t.tenant_id and k.key = t.idempotency_key
    where t.id is null or k.transfer_id is null
    union all
    select transfer_id::text, format('transfer %s has %s keys', transfer_id, count(*)) from ledger.idempotency_key where transfer_id is not null
    group by transfer_id having count(*) > 1
    union all
    select k.entry_id::text, format('key %L names the entry %s, which is not there', k.key, k.entry_id) from ledger.idempotency_key k
    where k.entry_id is not null and not exists (select 1 from ledger.entry e where e.id = k.entry_id)
    union all
    -- An endpoint may be deleted, and keys and endpoints are not for every reader: that a thing was made stands in the audit.
    select k.resource_id::text, format('key %L names the resource %s, which its tenant never made', k.key, k.resource_id) from ledger.idempotency_key k
    where k.resource_id is not null and not exists (select 1 from ledger.audit a where a.tenant_id = k.tenant_id
      and a.subject = k.resource_id::text and a.action in ('account.opened', 'api_key.created', 'webhook_endpoint.created'))
    union all
    select resource_id::text, format('the resource %s has %s keys', resource_id, count(*)) from ledger.idempotency_key where resource_id is not null
    group by resource_id having count(*) > 1`,
};
