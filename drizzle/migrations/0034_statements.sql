-- Locks: the tables are new, and every tenant gets a plan; event for a moment, and its partitions
-- are read once each for the constraint (before the first release they are small).
-- squawk-ignore-file constraint-missing-not-valid
-- Statements: what happened on one account, as a range of its sequence numbers that is fixed once
-- (docs/adr/0049-a-statement-is-a-range-of-sequence-numbers.md). Instants of a month are computed
-- here and nowhere else, in the zone of its tenant.

-- How a tenant's statements are made, and the month that is not over yet. `quiet`: what an account
-- without a posting gets. `counts_from`: what was posted before it is on no statement; null: every
-- posting is. `due_at`: when the month is opened, a while after it is over.
create table ledger.statement_plan (
  tenant_id uuid primary key references ledger.tenant,
  version int not null default 1 check (version > 0),
  zone text not null default 'UTC' check (length(zone) between 1 and 64),
  locale text not null default 'en-GB' check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  quiet text not null default 'quarterly' check (quiet in ('monthly', 'quarterly', 'skipped')),
  brand jsonb not null,
  keep_years smallint not null default 7 check (keep_years between 1 and 15),
  settle_ms int not null default 900000 check (settle_ms between 0 and 432000000),
  counts_from timestamptz,
  next_month text not null check (next_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  next_from_at timestamptz not null,
  next_to_at timestamptz not null check (next_to_at > next_from_at),
  due_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint brand_has_form check (
    jsonb_typeof(brand) = 'object'
    and brand ?& array['name', 'address', 'inquiry', 'accent']
    and brand - array['name', 'address', 'inquiry', 'accent'] = '{}'
    and jsonb_typeof(brand -> 'name') = 'string'
    and length(brand ->> 'name') between 1 and 120
    and jsonb_typeof(brand -> 'inquiry') = 'string'
    and length(brand ->> 'inquiry') between 1 and 200
    and jsonb_typeof(brand -> 'address') = 'array'
    and jsonb_array_length(brand -> 'address') <= 6
    and not brand @?
      '$.address[*] ? (@.type() != "string" || !(@ like_regex "^.{1,80}$"))'
    and jsonb_typeof(brand -> 'accent') = 'string'
    and brand ->> 'accent' ~ '^#[0-9a-f]{6}$')
);
create index statement_plan_due on ledger.statement_plan (due_at, tenant_id);

-- A tenant's month whose statements are made. `cut_after`: when every transaction below it has
-- ended, no commit can carry a time of the month. `accounts`: statements that were cut for it.
-- `pace`: how many may be taken a minute, null as many as can; `paced_at`: when the next may be.
-- `offered_at`: when somebody was last asked to make it. `closing_after`, `digest`: how far its
-- close has come.
create table ledger.statement_month (
  tenant_id uuid not null references ledger.tenant,
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at),
  zone text not null,
  quiet text not null check (quiet in ('monthly', 'quarterly', 'skipped')),
  status text not null default 'waiting'
    check (status in ('waiting', 'cutting', 'making', 'closed')),
  cut_after xid8,
  cut_at timestamptz,
  accounts int not null default 0 check (accounts >= 0),
  pace int check (pace between 0 and 1000000),
  paced_at timestamptz,
  offered_at timestamptz not null default '-infinity',
  closing_after uuid,
  digest bytea check (length(digest) = 32),
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (tenant_id, month),
  unique (tenant_id, from_at),
  constraint cut_behind_horizon check (status = 'waiting' or cut_after is not null),
  constraint made_when_cut check ((status in ('making', 'closed')) = (cut_at is not null)),
  constraint closed_has_digest check (
    num_nonnulls(closed_at, digest) = 2 or status <> 'closed' and closed_at is null)
) with (fillfactor = 70);
create index statement_month_offered on ledger.statement_month (offered_at)
  where status <> 'closed';

-- How many of a month's statements are ready or need attention. A striped counter: several make
-- them at once, and none of them waits for the row of another (docs/adr/0040).
create table ledger.statement_tally (
  tenant_id uuid not null,
  month text not null,
  stripe bigint not null generated always as identity,
  ready int not null,
  attention int not null,
  primary key (tenant_id, month, stripe)
) with (fillfactor = 50);

-- A statement: the postings of its account with a sequence number above from_seq, up to to_seq.
-- `from_posted_at`, `to_posted_at`: when those two were posted, so that only their months are read.
-- What it says beside its postings stands here as it was when it was cut. `number` counts those of
-- the account, each of which begins where the one before ended; an interim one has none, but its
-- day and its place on it. An edition repeats the figures of the one that it replaces.
-- The sums cover the postings up to summed_seq, the last of which left summed_balance.
-- `due_at`: when it may be taken to be made; until then it belongs to `lease`, if it has one.
create table ledger.statement (
  id uuid primary key,
  tenant_id uuid not null,
  account_id uuid not null references ledger.account,
  kind text not null check (kind in ('monthly', 'final', 'interim')),
  number int check (number >= 1),
  edition smallint not null default 1 check (edition between 1 and 99),
  replaces_id uuid references ledger.statement,
  month text check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  day date,
  sequence_of_day smallint check (sequence_of_day between 1 and 10),
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at >= from_at),
  zone text not null,
  locale text not null,
  account_name text not null,
  account_reference text,
  currency text not null,
  brand jsonb not null,
  keep_years smallint not null check (keep_years between 1 and 15),
  from_seq bigint not null check (from_seq >= 0),
  to_seq bigint not null check (to_seq >= from_seq),
  from_posted_at timestamptz,
  to_posted_at timestamptz,
  opening bigint not null,
  closing bigint not null,
  held bigint not null check (held >= 0),
  summed_seq bigint not null,
  summed_at timestamptz,
  summed_balance bigint not null,
  money_in bigint not null default 0 check (money_in >= 0),
  money_out bigint not null default 0 check (money_out >= 0),
  count_in int not null default 0 check (count_in >= 0),
  count_out int not null default 0 check (count_out >= 0),
  late_count int not null default 0,
  late_amount bigint not null default 0,
  status text not null default 'cut' check (status in ('cut', 'ready')),
  due_at timestamptz not null,
  lease uuid,
  tries int not null default 0 check (tries >= 0),
  attention_reason text check (length(attention_reason) between 1 and 200),
  document_sha256 bytea check (length(document_sha256) = 32),
  renderer text check (length(renderer) between 1 and 200),
  created_at timestamptz not null,
  ready_at timestamptz,
  constraint numbered_in_a_month check (
    num_nulls(number, month) = case kind when 'interim' then 2 else 0 end),
  constraint interim_has_a_day check (
    num_nulls(day, sequence_of_day) = case kind when 'interim' then 0 else 2 end),
  constraint first_replaces_none check (edition > 1 or replaces_id is null),
  constraint times_of_its_ends check (
    (from_seq = 0) = (from_posted_at is null) and (to_seq = 0) = (to_posted_at is null)),
  constraint empty_before_the_first check (from_seq > 0 or opening = 0),
  constraint ties check (opening + money_in - money_out = summed_balance),
  constraint whole check (count_in + count_out = summed_seq - from_seq),
  constraint summed_within check (summed_seq between from_seq and to_seq),
  constraint summed_to_its_close check (summed_seq < to_seq or summed_balance = closing),
  constraint late_within check (late_count between 0 and count_in + count_out),
  constraint ready_has_document check (
    num_nonnulls(document_sha256, renderer, ready_at)
      = case status when 'ready' then 3 else 0 end),
  constraint ready_is_done check (status = 'cut'
    or summed_seq = to_seq and num_nonnulls(lease, attention_reason) = 0)
) with (fillfactor = 70);
create unique index statement_number on ledger.statement (account_id, number, edition)
  where number is not null;
create unique index statement_of_month on ledger.statement (account_id, month)
  where kind = 'monthly' and replaces_id is null;
-- Nothing was posted between two statements that end with the same posting.
create unique index statement_interim on ledger.statement (account_id, to_seq)
  where kind = 'interim' and replaces_id is null;
create unique index statement_day on ledger.statement (account_id, day, sequence_of_day)
  where kind = 'interim' and replaces_id is null;
create unique index statement_replaced_once on ledger.statement (replaces_id)
  where replaces_id is not null;
-- What is to be made, by the run of its month; and the rest.
create index statement_to_make on ledger.statement (tenant_id, month, due_at, id)
  where status = 'cut' and kind = 'monthly' and edition = 1;
create index statement_to_make_beside on ledger.statement (tenant_id, due_at, id)
  where status = 'cut' and (kind <> 'monthly' or edition > 1);
create index statement_attention on ledger.statement (attention_reason, id)
  where attention_reason is not null;
-- The lists of a tenant, each narrowed by one filter.
create index statement_list on ledger.statement (tenant_id, created_at desc, id desc);
create index statement_account
  on ledger.statement (tenant_id, account_id, created_at desc, id desc);
create index statement_month_list on ledger.statement (tenant_id, month, created_at desc, id desc)
  where month is not null;
create index statement_cut on ledger.statement (tenant_id, created_at desc, id desc)
  where status = 'cut';
create index statement_final on ledger.statement (tenant_id, created_at desc, id desc)
  where kind = 'final';
create index statement_interim_list on ledger.statement (tenant_id, created_at desc, id desc)
  where kind = 'interim';

-- What is stored of a statement: its document and its PDF, or a manifest and those of its parts.
create table ledger.statement_object (
  statement_id uuid not null references ledger.statement,
  format text not null check (format in ('json', 'pdf')),
  part int not null check (part between 0 and 1000000),
  tenant_id uuid not null,
  key text not null check (length(key) between 1 and 300),
  version_id text not null check (length(version_id) between 1 and 1024),
  sha256 bytea not null check (length(sha256) = 32),
  bytes int not null check (bytes > 0),
  mode text not null check (mode in ('compliance', 'governance')),
  retain_until timestamptz not null,
  created_at timestamptz not null,
  primary key (statement_id, format, part)
);

-- How an account was called until then: a statement names others as they were called when it was
-- cut, however often it is read.
create table ledger.former_account_name (
  account_id uuid not null,
  ended_at timestamptz not null,
  tenant_id uuid not null,
  name text not null,
  primary key (account_id, ended_at)
);

-- Tenants that are there get the plan of a new one; what was posted before this month, by UTC, is
-- on no statement.
insert into ledger.statement_plan (
  tenant_id, brand, counts_from, next_month, next_from_at, next_to_at, due_at, created_at,
  updated_at)
select
  tenant.id,
  jsonb_build_object('name', left(tenant.name, 120), 'address', '[]'::jsonb,
    'inquiry', left(tenant.name, 120), 'accent', '#1f2937'),
  month.from_at, to_char(now() at time zone 'UTC', 'YYYY-MM'), month.from_at, month.to_at,
  month.to_at + interval '15 minutes', now(), now()
from ledger.tenant
cross join (
  select first at time zone 'UTC', (first + interval '1 month') at time zone 'UTC'
  from date_trunc('month', now() at time zone 'UTC') first
) month (from_at, to_at);

-- An event may be about a statement.
alter table ledger.event drop constraint event_subject_type_check;
alter table ledger.event add constraint event_subject_type_check check (subject_type in (
  'transfer', 'account', 'hold', 'entry', 'api_key', 'webhook_endpoint', 'statement'));

do $$
declare
  v_named_tenant constant text :=
    '(select nullif(current_setting(''quittance.tenant'', true), '''')::uuid)';
  v_table text;
begin
  foreach v_table in array array[
    'statement_plan', 'statement_month', 'statement_tally', 'statement', 'statement_object',
    'former_account_name'
  ] loop
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
