-- execute: nobody

-- What one commit posts to all accounts of a tenant, currency and kind.
create type ledger.posted_sum as (
  tenant_id uuid,
  currency text,
  kind text,
  debits numeric,
  credits numeric
);
