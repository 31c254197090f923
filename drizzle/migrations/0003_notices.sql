-- Locks: none that matter, every object is new.
-- Notices to customers: where they go, what is due, and what became of each try.

create table ledger.webhook_endpoint (
  id uuid primary key,
  tenant_id uuid not null references ledger.tenant,
  url text not null check (length(url) <= 2048),
  description text check (length(description) <= 200),
  secret text not null,
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index webhook_endpoint_tenant
  on ledger.webhook_endpoint (tenant_id, created_at desc, id desc);

-- A notice that is still to be sent: written in the commit of its event, one row per endpoint.
create table ledger.notice_due (
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  version int not null,
  tries int not null default 0,
  next_at timestamptz not null,
  event_at timestamptz not null,
  primary key (endpoint_id, transfer_id, version)
) with (fillfactor = 70);
create index notice_due_next on ledger.notice_due (next_at);
create index notice_due_endpoint on ledger.notice_due (endpoint_id, next_at);

-- What became of each try to deliver a notice.
create table ledger.delivery (
  id uuid primary key,
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  try int not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'given_up')),
  status int,
  error text check (length(error) <= 500),
  took_ms int not null,
  created_at timestamptz not null
);
create index delivery_list on ledger.delivery (endpoint_id, created_at desc, id desc);
