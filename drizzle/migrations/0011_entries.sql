-- Locks: the indexes and the constraint are made under a lock that stops the writers of entries and
-- postings, for as long as those tables are large. Before the first release they are small.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid
-- Entries that a request makes, without a transfer.

-- What was asked, by the id that the entry has where it was posted; refused ones stay too, so that
-- a key is answered as it was decided. `refusal_leg`: the leg that it is about.
create table ledger.entry_request (
  id uuid primary key,
  tenant_id uuid not null,
  reverses_id uuid,
  refusal_code text,
  refusal_leg smallint check (refusal_leg > 0),
  created_at timestamptz not null,
  check (refusal_code is not null or refusal_leg is null)
);
-- Over all months, which no key of the partitioned table could be.
create unique index entry_reversed_once on ledger.entry_request (reverses_id)
  where reverses_id is not null and refusal_code is null;
alter table ledger.entry_request owner to quittance_owner;
alter table ledger.entry_request enable row level security;
create policy own_tenant on ledger.entry_request for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.entry_request for select
  to quittance_worker, quittance_reader using (true);
grant select on ledger.entry_request to quittance_api, quittance_worker, quittance_reader;

-- A program may date an entry back, and a minute ahead by its own clock.
alter table ledger.entry add constraint effective_not_ahead
  check (effective_at <= created_at + interval '2 minutes');

-- The lists of a tenant, by the time of the commit and by the effective time; and the postings of
-- an entry.
create index entry_list on ledger.entry (tenant_id, created_at desc, id desc);
create index entry_effective on ledger.entry (tenant_id, effective_at desc, id desc);
create index posting_entry on ledger.posting (entry_id);

-- Each tenant has an account for fees in each of its currencies, as it has one for suspense.
with opened as (
  insert into ledger.account (id, tenant_id, name, kind, currency, created_at, updated_at)
  select gen_random_uuid(), tenant_id, 'fees', 'fees', currency, now(), now()
  from ledger.account
  where kind = 'suspense'
  on conflict do nothing
  returning id, tenant_id, currency, created_at
)
insert into ledger.balance (account_id, tenant_id, kind, currency, normal, floor, created_at)
select id, tenant_id, 'fees', currency, 1, 0, created_at
from opened;
