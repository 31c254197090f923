-- Locks: none that matter, every object is new.
-- Who uses the ledger, and what they own. Only the functions in ledger/**/*.sql write these tables
-- (docs/adr/0007); the roles have SELECT and EXECUTE.
create schema ledger;

-- What the database has of the files of ledger/**/*.sql (drizzle/sources). A file with another hash
-- is applied by the next `npm run migrate`. `functions`: what programs call of it, as
-- `ledger.claim(jsonb) returns jsonb`.
create table ledger.source (
  path text primary key,
  hash text not null,
  functions text[] not null,
  applied_at timestamptz not null default now()
);

-- The name of a rail: it stands in names of accounts, settings, queues and workflows, so its form
-- never changes.
-- squawk-ignore ban-create-domain-with-constraint
create domain ledger.rail_name as text check (value ~ '^[a-z][a-z0-9_]{0,30}$');

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

-- What a network is doing now: one row a rail, shared by all workers. `closed` is the good state of
-- a breaker.
create table ledger.rail (
  name ledger.rail_name primary key,
  breaker text not null default 'closed' check (breaker in ('closed', 'open')),
  probe_at timestamptz,
  paused_by text,
  window_started_at timestamptz not null default now(),
  good int not null default 0,
  bad int not null default 0,
  bad_sources text[] not null default '{}',
  -- Whose transfers probed the rail lately, the newest last: tenants, and `tenant/bank`.
  probed_tenants text[] not null default '{}',
  probed_banks text[] not null default '{}',
  changed_at timestamptz not null default now(),
  -- When rows were last taken here to be dispatched: if rows are late and this was long ago, nobody
  -- takes them.
  taken_at timestamptz not null default now(),
  -- The rail's terms, written by its worker when it starts (ledger.set_rail_terms). Until then
  -- cautious ones hold, version 0: the rail deduplicates nothing, so what may have been sent is not
  -- sent again.
  terms_version int not null default 0 check (terms_version >= 0),
  terms_at timestamptz not null default now(),
  request_timeout_ms int not null default 10000 check (request_timeout_ms > 0),
  lease_margin_ms int not null default 5000 check (lease_margin_ms >= 0),
  quiet_period_ms int not null default 60000 check (quiet_period_ms >= 0),
  inquiry_waits_ms int[] not null default '{1000,5000,60000,300000}'
    check (cardinality(inquiry_waits_ms) >= 1),
  give_up_ms bigint not null default 300000 check (give_up_ms > 0),
  retry_ms int not null default 2000 check (retry_ms >= 0),
  deduplicates_ms bigint check (deduplicates_ms > 0),
  breaker_failures int not null default 10 check (breaker_failures > 0),
  breaker_window_ms int not null default 30000 check (breaker_window_ms > 0),
  breaker_open_ms int not null default 5000 check (breaker_open_ms > 0),
  check (breaker = 'closed' or probe_at is not null)
);
-- Networks are registered by the workers of a build that has them (ledger.register_rail).
insert into ledger.rail (name) values ('book');

-- Who an account is. What never decides about money stands here; what does stands in `balance`.
create table ledger.account (
  id uuid primary key,
  tenant_id uuid not null references ledger.tenant,
  name text not null check (length(name) between 1 and 200),
  kind text not null
    check (kind in ('customer', 'funding', 'clearing', 'bank', 'fees', 'suspense')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rail ledger.rail_name references ledger.rail,
  reference text check (length(reference) <= 200),
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((kind = 'clearing') = (rail is not null)),
  -- For the balance, which repeats these.
  unique (id, tenant_id, kind, currency)
);
create index account_list on ledger.account (tenant_id, created_at desc, id desc);
create index account_reference on ledger.account (tenant_id, reference)
  where reference is not null;
create unique index account_platform
  on ledger.account (tenant_id, currency, kind, coalesce(rail, ''))
  where kind in ('clearing', 'bank', 'fees', 'suspense');

-- What an account holds: four counters, narrow and updated in place, locked in id order.
-- `normal` is +1 where credits raise the balance, -1 where debits do. `floor` is null where nothing
-- limits the account. `seq` numbers the postings without a gap; `version` counts every change,
-- holds too (docs/adr/0008).
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
  debit_held bigint not null default 0,
  credit_held bigint not null default 0,
  seq bigint not null default 0,
  version bigint not null default 0,
  last_at timestamptz not null default '-infinity',
  constraint same_account foreign key (account_id, tenant_id, kind, currency)
    references ledger.account (id, tenant_id, kind, currency),
  constraint counters_positive check (
    debit_posted >= 0 and credit_posted >= 0 and debit_held >= 0 and credit_held >= 0),
  -- Capturing a hold must never fail, so no counter may come near the end of a bigint, its held
  -- part included.
  constraint counters_bounded check (
    debit_posted + debit_held <= 4611686018427387904
    and credit_posted + credit_held <= 4611686018427387904),
  constraint never_overdrawn check (floor is null or
    case
      when normal = 1 then credit_posted - debit_posted - debit_held
      else debit_posted - credit_posted - credit_held
    end >= floor),
  constraint platform_always_open check (status = 'open' or kind in ('customer', 'funding')),
  constraint closed_is_empty check (status <> 'closed' or
    (debit_posted = credit_posted and debit_held = 0 and credit_held = 0))
) with (fillfactor = 50);
