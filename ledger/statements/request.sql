-- execute: quittance_api
-- needs: ledger/access/idempotency-key.sql, ledger/audit/write.sql
-- needs: ledger/statements/cut/latest.sql, ledger/statements/cut/now.sql

-- Cuts an interim statement of an account. Members of p_request: id, tenant_id, account_id, actor.
-- Who asks for the same account at once waits here for the other, and nobody who posts. Answers
-- {result, id}: made; again (nothing was posted since that one); or, of an earlier equal request,
-- replayed; or key_reused (take_key), or {result} not_found, account_kind (the platform's own have
-- none), too_many_statements (ten on this day by UTC).
create or replace function ledger.request_statement(
  p_request jsonb,
  p_key text,
  p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_id constant uuid := (p_request ->> 'id')::uuid;
  v_tenant constant uuid := (p_request ->> 'tenant_id')::uuid;
  v_account constant uuid := (p_request ->> 'account_id')::uuid;
  v_at timestamptz;
  asked balance;
  v_latest uuid;
  v_sequence int;
  v_taken jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('statement ' || v_account::text, 0));
  v_at := date_trunc('milliseconds', clock_timestamp());
  if exists (select from idempotency_key where tenant_id = v_tenant and key = p_key) then
    return take_key(v_tenant, p_key, p_fingerprint, 'statement', v_id, v_at);
  end if;
  -- An answer was lost, and the same request comes again without a key.
  if exists (select from statement where id = v_id and tenant_id = v_tenant) then
    return jsonb_build_object('result', 'made', 'id', v_id);
  end if;
  select * into asked from balance where account_id = v_account and tenant_id = v_tenant;
  if not found then return '{"result": "not_found"}'::jsonb; end if;
  if asked.kind not in ('customer', 'funding') then
    return '{"result": "account_kind"}'::jsonb;
  end if;
  v_latest := latest_statement_of(v_account, asked.seq);
  select coalesce(max(sequence_of_day), 0) + 1 into v_sequence
  from statement
  where account_id = v_account
    and kind = 'interim' and replaces_id is null
    and day = (v_at at time zone 'UTC')::date;
  if v_latest is null and v_sequence > 10 then
    return '{"result": "too_many_statements"}'::jsonb;
  end if;
  v_taken := take_key(
    v_tenant, p_key, p_fingerprint, 'statement', coalesce(v_latest, v_id), v_at);
  if v_taken is not null then return v_taken; end if;
  if v_latest is not null then
    return jsonb_build_object(
      'result', case v_latest when v_id then 'made' else 'again' end, 'id', v_latest);
  end if;
  if not cut_statement_now(v_id, v_account, 'interim', v_sequence, v_at) then
    raise exception 'account % got no statement', v_account;
  end if;
  perform write_audit(
    p_request ->> 'actor', v_tenant, 'statement.requested', v_id::text,
    jsonb_build_object('account_id', v_account));
  return jsonb_build_object('result', 'made', 'id', v_id);
end $$;
