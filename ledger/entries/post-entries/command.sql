-- execute: nobody

-- An entry to be posted, as JSON brings it. `id`: of the request, and of the entry if it is posted.
-- `legs`: [{debit_account_id, credit_account_id, amount, currency}]; null where it reverses another
-- entry, whose legs are turned.
create type ledger.entry_command as (
  id uuid,
  tenant_id uuid,
  key text,
  fingerprint text,
  reverses_id uuid,
  legs jsonb,
  description text,
  effective_at timestamptz,
  metadata jsonb
);

-- A leg of an entry that is to be posted. `entry_id`: of its command.
create type ledger.entry_leg as (
  entry_id uuid,
  tenant_id uuid,
  leg smallint,
  debit_account_id uuid,
  credit_account_id uuid,
  amount bigint,
  currency text
);
