-- Locks: the table is new; what is posted meanwhile would be missing in it, so balances take no
-- change until it is filled (before the first release they are few).
-- What all accounts of a tenant, currency and kind took in and gave out, so that a trial balance
-- reads no account (docs/adr/0040-totals-are-striped-counters.md). A striped counter: each commit
-- adds to a row that no other commit has locked, and the sum over the stripes is the total.
-- numeric: a sum over accounts may pass the end of a bigint.
create table ledger.posted_total (
  tenant_id uuid not null,
  currency text not null,
  kind text not null,
  stripe bigint not null generated always as identity,
  debits numeric not null check (debits >= 0),
  credits numeric not null check (credits >= 0),
  primary key (tenant_id, currency, kind, stripe)
) with (fillfactor = 50);

lock table ledger.balance in share row exclusive mode;
insert into ledger.posted_total (tenant_id, currency, kind, debits, credits)
select tenant_id, currency, kind, sum(debit_posted), sum(credit_posted)
from ledger.balance
where debit_posted > 0 or credit_posted > 0
group by tenant_id, currency, kind;

alter table ledger.posted_total owner to quittance_owner;
alter table ledger.posted_total enable row level security;
create policy own_tenant on ledger.posted_total for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.posted_total for select to quittance_worker, quittance_reader
  using (true);
grant select on ledger.posted_total to quittance_api, quittance_worker, quittance_reader;
