-- Locks: none that matter on an empty database.
-- Who may do what: the roles have SELECT here, and EXECUTE on the functions of their job by the
-- header of each source (ledger/**/*.sql). Nobody but the owner writes a table.
do $$
declare
  v_role text;
begin
  foreach v_role in array
    array['quittance_owner', 'quittance_api', 'quittance_worker', 'quittance_reader']
  loop
    if not exists (select 1 from pg_roles where rolname = v_role) then
      -- Roles belong to the whole server: another database's migration may make the same one now.
      begin
        execute format('create role %I nologin', v_role);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
end $$;
grant quittance_owner to current_user;

alter schema ledger owner to quittance_owner;
do $$
declare
  v_table regclass;
begin
  for v_table in
    select oid from pg_class
    where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p')
  loop
    execute format('alter table %s owner to quittance_owner', v_table);
  end loop;
end $$;

grant usage on schema ledger to quittance_api, quittance_worker, quittance_reader;
grant select on all tables in schema ledger to quittance_worker, quittance_reader;
-- The API reads what its tenant may see; key hashes and the secrets of endpoints are not among it.
grant select on
  ledger.tenant, ledger.account, ledger.balance, ledger.idempotency_key, ledger.transfer,
  ledger.hold, ledger.attempt, ledger.send, ledger.entry, ledger.posting, ledger.event,
  ledger.rail, ledger.transition, ledger.notice_due, ledger.delivery
  to quittance_api;
grant select (
  id, tenant_id, name, last4, scopes, rate_limit, expires_at, revoked_at, created_at)
  on ledger.api_key to quittance_api;
grant select (
  id, tenant_id, url, description, status, disabled_reason, created_at, updated_at)
  on ledger.webhook_endpoint to quittance_api;
-- Neither needs them: the worker gets an endpoint's secret from due_notices alone.
revoke select on ledger.api_key, ledger.webhook_endpoint from quittance_reader, quittance_worker;

-- Row-level security: the API sees the rows of the tenant that it named on this connection, and
-- none when it named none. The worker and the auditor see all. The setting is wrapped in a select
-- so that it is read once a statement.
do $$
declare
  v_named_tenant constant text :=
    '(select nullif(current_setting(''quittance.tenant'', true), '''')::uuid)';
  v_table text;
  v_column text;
begin
  for v_table, v_column in
    select x.name, case x.name when 'tenant' then 'id' else 'tenant_id' end
    from unnest(array[
      'tenant', 'account', 'balance', 'idempotency_key', 'transfer', 'hold', 'attempt', 'send',
      'entry', 'posting', 'event', 'notice_due', 'delivery', 'api_key', 'webhook_endpoint'
    ]) x(name)
  loop
    execute format('alter table ledger.%I enable row level security', v_table);
    execute format('create policy own_tenant on ledger.%I for select to quittance_api '
      'using (%I = %s)', v_table, v_column, v_named_tenant);
    execute format('create policy all_tenants on ledger.%I for select '
      'to quittance_worker, quittance_reader using (true)', v_table);
  end loop;
end $$;
