-- Locks: api_key and tenant for a moment each; a column without a default changes no row. audit is
-- locked against writers while its indexes are made. Before the first release it is small.
-- squawk-ignore-file require-concurrent-index-creation
-- squawk-ignore-file constraint-missing-not-valid
-- What a key may do, beside its scopes; null does not restrict. account_ids: the only accounts that
-- it may take money from, and change. amount_max: minor units of one request. addresses: the only
-- networks that it is taken from, in CIDR notation. replaces_id: the key that it was made to
-- replace. last_used_at: to a minute, and written late.
alter table ledger.api_key
  add column account_ids uuid[] check (cardinality(account_ids) between 1 and 50),
  add column amount_max bigint check (amount_max > 0),
  add column addresses text[] check (cardinality(addresses) between 1 and 20),
  add column replaces_id uuid,
  add column last_used_at timestamptz;
create index api_key_replaces on ledger.api_key (replaces_id) where replaces_id is not null;
grant select (account_ids, amount_max, addresses, replaces_id, last_used_at)
  on ledger.api_key to quittance_api;

-- Since when no key of a tenant is taken; what is open goes on.
alter table ledger.tenant add column disabled_at timestamptz;

-- A tenant reads its own part of the audit, by subject, actor or action.
create index audit_list on ledger.audit (tenant_id, created_at, id);
create index audit_subject on ledger.audit (tenant_id, subject, created_at, id);
create index audit_actor on ledger.audit (tenant_id, actor, created_at, id);
create index audit_action on ledger.audit (tenant_id, action, created_at, id);
grant select on ledger.audit to quittance_api;
alter table ledger.audit enable row level security;
create policy own_tenant on ledger.audit for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.audit for select to quittance_worker, quittance_reader
  using (true);
