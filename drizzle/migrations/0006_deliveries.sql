-- Locks: webhook_endpoint and delivery are locked for the moment that each statement takes.

-- An endpoint's state of delivery. A pause and a failure are facts of the endpoint and not of a
-- worker, so that no worker sends to it, or wakes its delivery, before the pause is over.
alter table ledger.webhook_endpoint
  -- Since when it accepted nothing. Null when its last pass delivered something.
  add column failing_since timestamptz,
  -- Nothing is sent before, and its delivery is not woken.
  add column paused_until timestamptz,
  -- Pauses in a row, each longer than the one before.
  add column pauses int not null default 0,
  -- It was enabled, or its address changed: what waits for it starts over with its next pass.
  add column is_restarting boolean not null default false,
  add column disabled_at timestamptz,
  -- While it is disabled, events up to here make notices that are kept for it.
  add column kept_until timestamptz,
  -- When those that are kept were last counted.
  add column kept_counted_at timestamptz not null default '-infinity';
update ledger.webhook_endpoint
  set disabled_at = updated_at, kept_until = updated_at + interval '30 days'
  where status = 'disabled';
-- squawk-ignore require-concurrent-index-creation
create index webhook_endpoint_kept on ledger.webhook_endpoint (kept_counted_at)
  where status = 'disabled';
-- squawk-ignore require-concurrent-index-creation
create index notice_due_tried on ledger.notice_due (endpoint_id) where tries > 0;

-- The log of deliveries by month, so that old months are dropped and nothing is deleted. Nothing is
-- released yet: the log so far, which no delivery needs, goes with its table.
-- squawk-ignore ban-drop-table
drop table ledger.delivery;
create table ledger.delivery (
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  try int not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'given_up')),
  status int,
  error text check (length(error) <= 500),
  took_ms int not null,
  created_at timestamptz not null,
  primary key (id, created_at)
) partition by range (created_at);
create index delivery_list on ledger.delivery (endpoint_id, created_at desc, id desc);
alter table ledger.delivery owner to quittance_owner;
alter table ledger.delivery enable row level security;
create policy own_tenant on ledger.delivery for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.delivery for select to quittance_worker, quittance_reader
  using (true);
grant select on ledger.delivery to quittance_api, quittance_worker, quittance_reader;
