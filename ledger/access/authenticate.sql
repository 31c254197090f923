-- execute: quittance_api
-- needs: ledger/rfc3339.sql

-- Whose key this is, before any tenant is known. Null when there is none; expiry and revocation are for the caller to judge.
create or replace function ledger.authenticate(p_hash bytea) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object('id', k.id, 'tenant_id', k.tenant_id, 'name', k.name, 'scopes', k.scopes, 'rate_limit', k.rate_limit,
    'expires_at', rfc3339(k.expires_at), 'revoked_at', rfc3339(k.revoked_at), 'tenant_name', t.name)
  from api_key k join tenant t on t.id = k.tenant_id where k.hash = p_hash
$$;
