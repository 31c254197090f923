-- execute: quittance_api
-- needs: ledger/rfc3339.sql

-- Whose key this is, before any tenant is known. Null when there is none; expiry and revocation
-- are for the caller to judge.
create or replace function ledger.authenticate(p_hash bytea) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'id', key.id,
    'tenant_id', key.tenant_id,
    'name', key.name,
    'scopes', key.scopes,
    'rate_limit', key.rate_limit,
    'account_ids', key.account_ids,
    'amount_max', key.amount_max::text,
    'addresses', key.addresses,
    'expires_at', rfc3339(key.expires_at),
    'revoked_at', rfc3339(key.revoked_at),
    'tenant_name', tenant.name,
    'tenant_rate_limit', tenant.rate_limit,
    'tenant_disabled_at', rfc3339(tenant.disabled_at))
  from api_key key
  join tenant on tenant.id = key.tenant_id
  where key.hash = p_hash
$$;
