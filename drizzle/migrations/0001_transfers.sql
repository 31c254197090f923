-- Locks: none that matter, every object is new.
-- Transfers: their keys, states, holds, and the attempts and sends that put them on a rail.

-- One row per idempotency key, kept for good: what makes a repeated request move money once. A key
-- is one request of its tenant, whatever it made. `resource_id`: the account, API key or webhook
-- endpoint, where it made no transfer and no entry.
create table ledger.idempotency_key (
  tenant_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  transfer_id uuid,
  entry_id uuid,
  resource_id uuid,
  created_at timestamptz not null,
  primary key (tenant_id, key),
  check (num_nonnulls(transfer_id, entry_id, resource_id) = 1)
);

create table ledger.transfer (
  id uuid primary key,
  tenant_id uuid not null,
  state text not null,
  -- What brought it here: the trigger checks (state before, cause, state after) against
  -- ledger.transition.
  cause text not null,
  version int not null default 1,
  amount bigint not null check (amount > 0),
  currency text not null,
  rail ledger.rail_name not null,
  source_account_id uuid,
  destination_account_id uuid,
  destination_bank jsonb,
  idempotency_key text not null,
  reference text,
  description text,
  metadata jsonb not null default '{}',
  execute_at timestamptz,
  refusal_code text,
  refusal_detail text,
  attention_reason text,
  attention_since timestamptz,
  next_what text,
  next_at timestamptz,
  waiting_for text check (waiting_for in ('date', 'rail', 'worker', 'answer', 'person')),
  -- The group whose first step made the row, permanently; and the group that carries it now.
  created_by_group uuid not null,
  carrier uuid,
  entry_id uuid,
  reverses_id uuid,
  reversed_by_id uuid,
  traceparent text,
  state_since timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  constraint open_has_next check (state not in ('scheduled', 'submitting', 'unknown')
    or (next_what is not null and next_at is not null and waiting_for is not null)),
  constraint completed_has_entry check (state not in ('completed', 'reversed')
    or (entry_id is not null and completed_at is not null)),
  constraint declined_has_refusal check (
    state not in ('declined', 'rejected', 'failed') or refusal_code is not null),
  constraint known_accounts check (state = 'declined' or (
    source_account_id is not null and (rail <> 'book' or destination_account_id is not null))),
  -- Its members are those of its scheme (domain/destination.ts).
  constraint bank_account_has_scheme check (
    destination_bank ->> 'scheme' is not null or destination_bank is null),
  constraint one_destination check (
    state = 'declined' or num_nonnulls(destination_account_id, destination_bank) = 1)
) with (fillfactor = 70);
create index transfer_list on ledger.transfer (tenant_id, created_at desc, id desc);
create index transfer_open on ledger.transfer (rail, state, next_at)
  where state in ('scheduled', 'submitting', 'unknown');
create index transfer_queue on ledger.transfer (rail, id)
  where state = 'scheduled' and waiting_for = 'rail';
create index transfer_due on ledger.transfer (rail, next_at)
  where state = 'scheduled' and waiting_for <> 'rail';
create index transfer_attention on ledger.transfer (tenant_id, created_at desc, id desc)
  where attention_reason is not null;
create index transfer_waiting on ledger.transfer (source_account_id, rail)
  where state in ('scheduled', 'submitting');

create table ledger.hold (
  transfer_id uuid primary key,
  tenant_id uuid not null,
  account_id uuid not null,
  counter_account_id uuid not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null default 'active' check (state in ('active', 'captured', 'released')),
  created_at timestamptz not null,
  closed_at timestamptz,
  check ((state = 'active') = (closed_at is null))
) with (fillfactor = 80);
create index hold_active on ledger.hold (account_id) where state = 'active';

create table ledger.attempt (
  transfer_id uuid not null,
  n smallint not null check (n between 1 and 32),
  tenant_id uuid not null,
  rail ledger.rail_name not null,
  rail_key text not null,
  clearing_account_id uuid not null,
  outcome text check (outcome in ('accepted', 'rejected')),
  rail_reference text,
  code text,
  inquiries int not null default 0,
  asked_at timestamptz,
  contradicted_at timestamptz,
  created_at timestamptz not null,
  primary key (transfer_id, n)
) with (fillfactor = 80);

-- One grant to put an attempt on the network. Unresolved until accepted, rejected, not_taken or
-- not_sent.
create table ledger.send (
  transfer_id uuid not null,
  attempt_n smallint not null,
  n smallint not null check (n between 1 and 1000),
  tenant_id uuid not null,
  sender uuid not null,
  granted_at timestamptz not null,
  lease_until timestamptz not null,
  outcome text check (outcome in ('accepted', 'rejected', 'not_taken', 'not_sent', 'unknown')),
  code text,
  answered_at timestamptz,
  primary key (transfer_id, attempt_n, n)
) with (fillfactor = 80);
-- One sender at a time: a grant that was never answered is marked unknown before the next one is
-- written.
create unique index send_one_open on ledger.send (transfer_id, attempt_n) where outcome is null;

-- The steps that a transfer may take; a trigger refuses every other one.
create table ledger.transition (
  from_state text not null,
  cause text not null,
  to_state text not null,
  primary key (from_state, cause, to_state)
);

-- Mirrors domain/transfer.ts; a test compares them. '' stands for "not there yet".
insert into ledger.transition (from_state, cause, to_state) values
  ('', 'refused', 'declined'),
  ('', 'book_posted', 'completed'),
  ('', 'reserved', 'submitting'),
  ('', 'reserved_for_later', 'scheduled'),
  ('scheduled', 'due', 'submitting'),
  ('scheduled', 'due', 'completed'),
  ('scheduled', 'cancelled', 'cancelled'),
  ('scheduled', 'impossible', 'failed'),
  ('submitting', 'accepted', 'completed'),
  ('unknown', 'accepted', 'completed'),
  ('scheduled', 'accepted', 'completed'),
  ('submitting', 'rejected', 'rejected'),
  ('unknown', 'rejected', 'rejected'),
  ('scheduled', 'rejected', 'rejected'),
  ('submitting', 'rejected', 'unknown'),
  ('scheduled', 'rejected', 'unknown'),
  ('submitting', 'not_taken', 'scheduled'),
  ('unknown', 'not_taken', 'scheduled'),
  ('submitting', 'not_taken', 'unknown'),
  ('submitting', 'put_off', 'scheduled'),
  ('submitting', 'no_answer', 'unknown'),
  ('unknown', 'absent', 'scheduled'),
  ('unknown', 'forced', 'completed'),
  ('unknown', 'forced', 'rejected'),
  ('completed', 'reversed', 'reversed'),
  ('declined', 'contradicted', 'declined'),
  ('completed', 'contradicted', 'completed'),
  ('rejected', 'contradicted', 'rejected'),
  ('failed', 'contradicted', 'failed'),
  ('cancelled', 'contradicted', 'cancelled'),
  ('reversed', 'contradicted', 'reversed');
