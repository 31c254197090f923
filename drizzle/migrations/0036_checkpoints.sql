-- Locks: event for as long as its rows are read once for the constraint (before the first release
-- they are few); the two tables are new.
-- squawk-ignore-file constraint-missing-not-valid
-- A checkpoint of the archive is told to every tenant, once a day
-- (docs/adr/0052-every-tenant-is-told-a-checkpoint-a-day.md).

-- A day, in UTC, and the segment whose checkpoint is published on it. One is published at a time:
-- until every tenant has it, `finished_at` is null.
create table ledger.archive_publication (
  day date primary key,
  n bigint not null unique references ledger.archive_segment,
  begun_at timestamptz not null,
  finished_at timestamptz
);
create unique index archive_publication_open on ledger.archive_publication ((true))
  where finished_at is null;

-- Which tenants have it: once each. `id`: what the event of it is about.
create table ledger.archive_publication_tenant (
  day date not null references ledger.archive_publication,
  tenant_id uuid not null,
  id uuid not null,
  primary key (day, tenant_id)
);

-- An event may be about a checkpoint.
alter table ledger.event drop constraint event_subject_type_check;
alter table ledger.event add constraint event_subject_type_check check (subject_type in (
  'transfer', 'account', 'hold', 'entry', 'api_key', 'webhook_endpoint', 'statement',
  'checkpoint'));

do $$
declare
  v_table text;
begin
  foreach v_table in array array['archive_publication', 'archive_publication_tenant'] loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('alter table ledger.%I enable row level security', v_table);
    execute format('create policy all_tenants on ledger.%I for select '
      'to quittance_worker, quittance_reader using (true)', v_table);
    execute format('grant select on ledger.%I to quittance_worker, quittance_reader', v_table);
  end loop;
end $$;
