-- Locks: none that matter, every object is new.
-- The tables of the book. Only the functions of the later migrations write them (docs/adr/0007-sql-functions-are-the-only-writers.md); the roles get SELECT and EXECUTE.
create schema ledger;

-- A UUIDv7 for an instant: its first 48 bits are the milliseconds, so ids sort by time. Made here because an entry's id is made in its commit.
create function ledger.uuid_v7(p_at timestamptz) returns uuid language sql volatile parallel safe
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from p_at) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid;

-- The instant inside a UUIDv7.
create function ledger.uuid_time(p_id uuid) returns timestamptz language sql immutable parallel safe
  return to_timestamp(('x' || lpad(replace(left(p_id::text, 13), '-', ''), 16, '0'))::bit(64)::bigint / 1000.0);

-- The rails that there are. A rule of the type and not a foreign key: a reference would lock the rail's row, which the breaker
-- and the drain change all the time, for every transfer that is made.
create domain ledger.rail_name as text check (value in ('book', 'instant'));

create table ledger.tenant (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

create table ledger.api_key (
  id uuid primary key,
  tenant_id uuid not null references ledger.tenant,
  name text not null check (length(name) between 1 and 200),
  hash bytea not null unique check (length(hash) = 32),
  last4 text not null check (length(last4) = 4),
  scopes text[] not null,
  -- Requests a second; null is the default of the API.
  rate_limit int check (rate_limit > 0),
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_key_tenant on ledger.api_key (tenant_id, id);

-- Every change of a setting, key or account, with its actor.
create table ledger.audit (
  id uuid primary key,
  tenant_id uuid,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  created_at timestamptz not null
);

-- What a network is doing now: one row a rail, shared by all workers. `closed` is the good state of a breaker.
create table ledger.rail (
  name ledger.rail_name primary key,
  breaker text not null default 'closed' check (breaker in ('closed', 'open')),
  probe_at timestamptz,
  held_by text,
  window_started_at timestamptz not null default now(),
  good int not null default 0,
  bad int not null default 0,
  bad_sources text[] not null default '{}',
  -- Whose transfers probed the closed rail lately, the newest last: tenants, and `tenant/bank`.
  probed_tenants text[] not null default '{}',
  probed_banks text[] not null default '{}',
  changed_at timestamptz not null default now(),
  -- When the drain last took rows here: rows that are late although this was long ago have a drain that does not work.
  taken_at timestamptz not null default now(),
  check (breaker = 'closed' or probe_at is not null)
);
insert into ledger.rail (name) values ('book'), ('instant');

-- Who an account is. What never decides about money stands here; what does stands in `balance`.
create table ledger.account (
  id uuid primary key,
  tenant_id uuid not null references ledger.tenant,
  name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('customer', 'funding', 'clearing', 'bank', 'fees', 'suspense')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rail ledger.rail_name,
  reference text check (length(reference) <= 200),
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((kind = 'clearing') = (rail is not null)),
  -- For the balance, which repeats these.
  unique (id, tenant_id, kind, currency)
);
create index account_list on ledger.account (tenant_id, created_at desc, id desc);
create index account_reference on ledger.account (tenant_id, reference) where reference is not null;
create unique index account_platform on ledger.account (tenant_id, currency, kind, coalesce(rail, ''))
  where kind in ('clearing', 'bank', 'fees', 'suspense');

-- What an account holds: four counters, narrow and updated in place, locked in id order.
-- `normal` is +1 where credits raise the balance, -1 where debits do. `floor` is null where nothing limits the account.
-- `seq` numbers the postings without a gap; `version` counts every change, holds too (docs/adr/0008).
create table ledger.balance (
  account_id uuid primary key,
  tenant_id uuid not null,
  kind text not null,
  currency text not null,
  status text not null default 'open' check (status in ('open', 'frozen', 'closed')),
  normal smallint not null check (normal in (1, -1)),
  floor bigint check (floor <= 0),
  debit_posted bigint not null default 0,
  credit_posted bigint not null default 0,
  debit_pending bigint not null default 0,
  credit_pending bigint not null default 0,
  seq bigint not null default 0,
  version bigint not null default 0,
  last_at timestamptz not null default '-infinity',
  constraint same_account foreign key (account_id, tenant_id, kind, currency) references ledger.account (id, tenant_id, kind, currency),
  constraint counters_positive check (debit_posted >= 0 and credit_posted >= 0 and debit_pending >= 0 and credit_pending >= 0),
  -- Capturing a hold must never fail, so no counter may come near the end of a bigint, its pending part included.
  constraint counters_bounded check (debit_posted + debit_pending <= 4611686018427387904 and credit_posted + credit_pending <= 4611686018427387904),
  constraint never_overdrawn check (floor is null or
    case when normal = 1 then credit_posted - debit_posted - debit_pending else debit_posted - credit_posted - credit_pending end >= floor),
  constraint platform_always_open check (status = 'open' or kind in ('customer', 'funding')),
  constraint closed_is_empty check (status <> 'closed' or
    (debit_posted = credit_posted and debit_pending = 0 and credit_pending = 0))
) with (fillfactor = 50);

-- One row per idempotency key, for ever: what makes a repeated request move money once. A key is one request of its tenant,
-- whatever it made; `thing_id` is the account, API key or webhook endpoint that it made, where it was no transfer and no entry.
create table ledger.transfer_key (
  tenant_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  transfer_id uuid,
  entry_id uuid,
  thing_id uuid,
  created_at timestamptz not null,
  primary key (tenant_id, key),
  check (num_nonnulls(transfer_id, entry_id, thing_id) = 1)
);

create table ledger.transfer (
  id uuid primary key,
  tenant_id uuid not null,
  state text not null,
  -- The event that brought it here: the trigger checks (state before, event, state after) against ledger.transition.
  event text not null,
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
  -- The group whose first step made the row, for ever; and the group that carries it now.
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
  constraint completed_has_entry check (state not in ('completed', 'reversed') or (entry_id is not null and completed_at is not null)),
  constraint declined_has_refusal check (state not in ('declined', 'rejected', 'failed') or refusal_code is not null),
  constraint known_accounts check (state = 'declined' or (source_account_id is not null and (rail <> 'book' or destination_account_id is not null))),
  constraint one_destination check (state = 'declined' or num_nonnulls(destination_account_id, destination_bank) = 1)
) with (fillfactor = 70);
create index transfer_list on ledger.transfer (tenant_id, created_at desc, id desc);
create index transfer_open on ledger.transfer (rail, state, next_at) where state in ('scheduled', 'submitting', 'unknown');
create index transfer_queue on ledger.transfer (rail, id) where state = 'scheduled' and waiting_for = 'rail';
create index transfer_due on ledger.transfer (rail, next_at) where state = 'scheduled' and waiting_for <> 'rail';
create index transfer_attention on ledger.transfer (tenant_id, created_at desc, id desc) where attention_reason is not null;
create index transfer_waiting on ledger.transfer (source_account_id, rail) where state in ('scheduled', 'submitting');

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

-- One grant to put an attempt on the network. Unresolved until accepted, rejected, not_taken or not_sent.
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
-- One sender at a time: a grant that was never answered is marked unknown before the next one is written.
create unique index send_one_open on ledger.send (transfer_id, attempt_n) where outcome is null;

-- One row per call of a writer: the commit horizon for readers of events, and later the chain of the audit.
create table ledger.batch (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null,
  commands int not null,
  entries int not null
);
create index batch_xid on ledger.batch (xid);

-- Entries, postings and events are partitioned by month and never changed.
create table ledger.entry (
  id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid,
  reverses_id uuid,
  description text,
  metadata jsonb not null default '{}',
  effective_at timestamptz not null,
  batch_id bigint not null,
  created_at timestamptz not null,
  primary key (id, created_at)
) partition by range (created_at);
create index entry_list on ledger.entry (tenant_id, created_at desc, id desc);

create table ledger.posting (
  account_id uuid not null,
  seq bigint not null,
  id uuid not null,
  tenant_id uuid not null,
  entry_id uuid not null,
  transfer_id uuid,
  leg smallint not null,
  side text not null check (side in ('debit', 'credit')),
  currency text not null,
  amount bigint not null check (amount > 0),
  -- Positive where it raises the account's balance.
  signed bigint not null,
  balance_after bigint not null,
  effective_at timestamptz not null,
  created_at timestamptz not null,
  primary key (account_id, created_at, seq),
  check (abs(signed) = amount)
) partition by range (created_at);
create index posting_entry on ledger.posting (entry_id);

create table ledger.event (
  id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  version int not null,
  from_state text,
  event text not null,
  to_state text not null,
  evidence jsonb not null default '{}',
  batch_id bigint not null,
  created_at timestamptz not null,
  primary key (transfer_id, version, created_at)
) partition by range (created_at);
create index event_list on ledger.event (tenant_id, batch_id, id);
