-- execute: nobody
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql

-- What is asked of a new key, as JSON brings it; null does not restrict. Amounts are minor units.
create type ledger.api_key_terms as (
  name text,
  scopes text[],
  rate_limit int,
  expires_at timestamptz,
  account_ids uuid[],
  amount_max bigint,
  addresses text[]
);

-- The key that an actor `api_key:<id>` is; null for another actor.
create or replace function ledger.api_key_of(p_actor text) returns uuid
language sql immutable
return substring(p_actor from '^api_key:(.*)$')::uuid;

-- Why no key can be made now; null: one can. Limit: 500 of the tenant work at a time. Creator_gone:
-- the key that asks has ended meanwhile, and one that it makes would escape from
-- revoke_api_key_family. To be called under the lock of the tenant's row, under which its keys are
-- counted and families are revoked.
create or replace function ledger.why_no_api_key(
  p_tenant uuid,
  p_actor text,
  p_now timestamptz
) returns text
language plpgsql stable set search_path = ledger, pg_temp as $$
begin
  -- Two ranges of one index: a key that ended costs nothing here, however many there were.
  if (select count(*) >= 500 from (
        (select 1 from api_key
          where tenant_id = p_tenant and revoked_at is null and expires_at is null limit 500)
        union all
        (select 1 from api_key
          where tenant_id = p_tenant and revoked_at is null and expires_at > p_now limit 500)
      ) usable) then
    return 'limit';
  end if;
  if api_key_of(p_actor) is not null and not exists (
    select from api_key
    where id = api_key_of(p_actor) and revoked_at is null
      and (expires_at is null or expires_at > p_now))
  then
    return 'creator_gone';
  end if;
  return null;
end $$;

-- Writes a key and its audit. It ends no later than the key that makes it, as that is now.
create or replace function ledger.insert_api_key(
  p_key ledger.api_key,
  p_terms ledger.api_key_terms,
  p_actor text
) returns void
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_expires_at timestamptz := least(
    p_terms.expires_at,
    (select expires_at from api_key where id = api_key_of(p_actor))
  );
begin
  insert into api_key (
    id, tenant_id, name, hash, last4, scopes, rate_limit, expires_at, account_ids, amount_max,
    addresses, created_at, created_by, replaces_id)
  values (
    p_key.id, p_key.tenant_id, p_terms.name, p_key.hash, p_key.last4, p_terms.scopes,
    p_terms.rate_limit, v_expires_at, p_terms.account_ids, p_terms.amount_max, p_terms.addresses,
    p_key.created_at, api_key_of(p_actor), p_key.replaces_id);
  perform write_change(
    p_actor, p_key.tenant_id, 'api_key.created', p_key.id::text, null,
    to_jsonb(p_terms) || jsonb_build_object(
      'expires_at', v_expires_at, 'last4', p_key.last4, 'replaces_id', p_key.replaces_id));
  perform write_one_event(
    row(p_key.tenant_id, 'api_key', p_key.id, 1, null, 'created', 'active', '{}')::new_event,
    p_key.created_at);
end $$;
