-- Locks: none that matter, the table is new.
-- The months that a tenant has closed, by UTC. A row says that nothing may be dated into its month
-- or before it. batch_id: of the commit that closed it; what was dated into the month
-- before has a smaller one.
create table ledger.period (
  tenant_id uuid not null references ledger.tenant (id),
  month date not null check (extract(day from month) = 1),
  closed_by text not null,
  batch_id bigint not null,
  closed_at timestamptz not null,
  primary key (tenant_id, month)
);
alter table ledger.period owner to quittance_owner;
alter table ledger.period enable row level security;
create policy own_tenant on ledger.period for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.period for select to quittance_worker, quittance_reader
  using (true);
grant select on ledger.period to quittance_api, quittance_worker, quittance_reader;
