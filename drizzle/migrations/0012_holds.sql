-- Locks: none that matter, every object is new.
-- Holds that clients make: money set aside between two accounts, captured in one or more parts, or
-- given back. A transfer's hold is another thing (ledger.hold).

create table ledger.client_hold (
  id uuid primary key,
  tenant_id uuid not null,
  source_account_id uuid not null,
  destination_account_id uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  captured_amount bigint not null default 0,
  captures smallint not null default 0 check (captures between 0 and 100),
  state text not null default 'open' check (state in ('open', 'captured', 'released', 'expired')),
  version int not null default 1,
  reference text,
  metadata jsonb not null default '{}',
  release_reason text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz,
  constraint two_accounts check (source_account_id <> destination_account_id),
  constraint captured_within_amount check (captured_amount between 0 and amount),
  constraint captured_in_parts check ((captured_amount > 0) = (captures > 0)),
  constraint captured_fits_state check (case state
    when 'captured' then captured_amount > 0
    else captured_amount < amount
  end),
  constraint closed_has_time check ((state = 'open') = (closed_at is null)),
  constraint reason_of_release check (state = 'released' or release_reason is null)
) with (fillfactor = 70);
create index client_hold_list on ledger.client_hold (tenant_id, created_at desc, id desc);
create index client_hold_state on ledger.client_hold (tenant_id, state, created_at desc, id desc);
create index client_hold_reference
  on ledger.client_hold (tenant_id, reference, created_at desc, id desc)
  where reference is not null;
create index client_hold_source
  on ledger.client_hold (tenant_id, source_account_id, created_at desc, id desc);
create index client_hold_destination
  on ledger.client_hold (tenant_id, destination_account_id, created_at desc, id desc);
create index client_hold_due on ledger.client_hold (expires_at, id) where state = 'open';

-- What was asked about a hold, and what was decided: a row for each request, refused ones too, so
-- that a key is answered as it was decided. A capture has its entry, its amount, and what the hold
-- was after it.
create table ledger.hold_request (
  id uuid primary key,
  tenant_id uuid not null,
  hold_id uuid not null,
  act text not null check (act in ('create', 'capture', 'release')),
  refusal_code text,
  entry_id uuid unique,
  amount bigint check (amount > 0),
  captured_amount bigint,
  hold_state text check (hold_state in ('open', 'captured')),
  created_at timestamptz not null,
  constraint capture_has_entry check (
    num_nonnulls(entry_id, amount, captured_amount, hold_state)
      = case when act = 'capture' and refusal_code is null then 4 else 0 end)
);
create index hold_request_capture on ledger.hold_request (hold_id, created_at, id)
  where entry_id is not null;

do $$
declare
  v_named_tenant constant text :=
    '(select nullif(current_setting(''quittance.tenant'', true), '''')::uuid)';
  v_table text;
begin
  foreach v_table in array array['client_hold', 'hold_request'] loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('alter table ledger.%I enable row level security', v_table);
    execute format('create policy own_tenant on ledger.%I for select to quittance_api '
      'using (tenant_id = %s)', v_table, v_named_tenant);
    execute format('create policy all_tenants on ledger.%I for select '
      'to quittance_worker, quittance_reader using (true)', v_table);
    execute format('grant select on ledger.%I to quittance_api, quittance_worker, '
      'quittance_reader', v_table);
  end loop;
end $$;
