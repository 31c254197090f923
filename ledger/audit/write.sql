-- execute: nobody
-- needs: ledger/ids.sql

-- Every change of a tenant, key, account, rail or webhook endpoint leaves a row with its actor.
create or replace function ledger.write_audit(
  p_actor text,
  p_tenant uuid,
  p_action text,
  p_subject text,
  p_detail jsonb
) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  insert into audit (id, tenant_id, actor, action, subject, detail, created_at)
  values (
    uuid_v7(clock_timestamp()), p_tenant, p_actor, p_action, p_subject, p_detail,
    clock_timestamp())
$$;

-- The same for a change of values: those before, or null for a thing that is new, and those after,
-- or null for one that is gone. Never a secret.
create or replace function ledger.write_change(
  p_actor text,
  p_tenant uuid,
  p_action text,
  p_subject text,
  p_before jsonb,
  p_after jsonb
) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  select write_audit(
    p_actor, p_tenant, p_action, p_subject,
    jsonb_build_object(
      'before', jsonb_strip_nulls(p_before), 'after', jsonb_strip_nulls(p_after)))
$$;
