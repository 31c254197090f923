import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

export const keys: Check = {
  name: 'keys',
  promise:
    'A key is kept once for its tenant and names one thing, which is there. Every transfer has one idempotency key, and no other has it.',
  counted: 'keys',
  smallestBy: 'what the key names',
  examined: 'select count(*) from ledger.idempotency_key',
  breaches: `
    -- The smallest thing that a repeated key names, so that it is found beside the others.
    select min(coalesce(transfer_id, entry_id, resource_id)::text) as id,
      format('key %L of tenant %s is kept %s times and names %s', key, tenant_id, count(*),
        string_agg(concat_ws(' and ', transfer_id, entry_id, resource_id), ' and ' order by coalesce(transfer_id, entry_id, resource_id))) as witness
    from ledger.idempotency_key group by tenant_id, key having count(*) > 1 or sum(num_nonnulls(transfer_id, entry_id, resource_id)) <> 1
    union all
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
    select k.entry_id::text, format('key %L names the entry %s, which is neither there nor refused', k.key, k.entry_id) from ledger.idempotency_key k
    where k.entry_id is not null and not exists (select 1 from ledger.entry e where e.id = k.entry_id)
      and not exists (select 1 from ledger.entry_request r where r.id = k.entry_id and r.tenant_id = k.tenant_id
        and (r.refusal_code is not null or r.created_at < ${attachedFrom}))
    union all
    -- An endpoint may be deleted, and keys and endpoints are not for every reader: that a thing was made stands in the audit.
    select k.resource_id::text, format('key %L names the resource %s, which its tenant never made', k.key, k.resource_id) from ledger.idempotency_key k
    where k.resource_id is not null and not exists (select 1 from ledger.hold_request r where r.id = k.resource_id and r.tenant_id = k.tenant_id)
      and not exists (select 1 from ledger.audit a where a.tenant_id = k.tenant_id
      and a.subject = k.resource_id::text and a.action in ('account.opened', 'api_key.created', 'webhook_endpoint.created'))
      and not exists (select 1 from ledger.statement s where s.id = k.resource_id and s.tenant_id = k.tenant_id)
      -- Or it is a transfer that was cancelled, which several requests may have asked for.
      and not exists (select 1 from ledger.transfer t where t.id = k.resource_id and t.tenant_id = k.tenant_id and t.state = 'cancelled')
    union all
    select resource_id::text, format('the resource %s has %s keys', resource_id, count(*)) from ledger.idempotency_key k where resource_id is not null
      and not exists (select 1 from ledger.transfer t where t.id = k.resource_id)
      -- While nothing is posted, requests for a statement are answered with the last one.
      and not exists (select 1 from ledger.statement s where s.id = k.resource_id)
    -- Each rotation of an endpoint's secret may have had a key.
    group by resource_id having count(*) > 1 + (
      select count(*) from ledger.audit a where a.subject = k.resource_id::text and a.action = 'webhook_endpoint.secret_rotated')`,
};
