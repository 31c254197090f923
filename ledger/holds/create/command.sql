-- execute: nobody

-- A hold that a client asks for, as JSON brings it. Amounts are minor units; the fingerprint is
-- hex. Without `expires_at` it expires after seven days.
create type ledger.hold_command as (
  id uuid,
  tenant_id uuid,
  key text,
  fingerprint text,
  source_account_id uuid,
  destination_account_id uuid,
  amount bigint,
  currency text,
  expires_at timestamptz,
  reference text,
  metadata jsonb
);

-- Whether a hold may have that time to expire: ahead, and at most thirty days.
create or replace function ledger.may_expire_at(p_at timestamptz, p_now timestamptz)
returns boolean
language sql immutable
return p_at is null or p_at > p_now and p_at <= p_now + interval '30 days';
