-- execute: nobody
-- needs: ledger/access/made-under.sql, ledger/rfc3339.sql

-- What a function that makes a thing answers: made, or replayed (an equal request made it before).
create or replace function ledger.thing_answer(p_result text, p_id uuid, p_at timestamptz)
returns jsonb
language sql immutable
  return jsonb_build_object(
    'result', p_result, 'id', p_id, 'created_at', ledger.rfc3339(p_at));

-- Takes an idempotency key for a thing that is to be made: the first step of making it, so that of
-- two equal requests one waits here for the other. Null when the thing is to be made (the key was
-- free, or the client sent none); else the answer: replayed, or key_reused with `conflict`, what
-- the other request made (made_under). Fingerprints are hex.
create or replace function ledger.take_key(
  p_tenant uuid,
  p_key text,
  p_fingerprint text,
  p_kind text,
  p_id uuid,
  p_at timestamptz
) returns jsonb
language plpgsql set search_path = ledger, pg_temp as $$
declare
  taken idempotency_key;
  v_made jsonb;
begin
  if num_nulls(p_key, p_fingerprint) = 1 then
    raise exception 'a key comes with its fingerprint';
  end if;
  if p_key is null then return null; end if;
  insert into idempotency_key (tenant_id, key, fingerprint, resource_id, created_at)
  values (p_tenant, p_key, decode(p_fingerprint, 'hex'), p_id, p_at)
  on conflict (tenant_id, key) do nothing;
  if found then return null; end if;
  select * into taken from idempotency_key where tenant_id = p_tenant and key = p_key;
  v_made := made_under(taken);
  -- The fingerprint is over the route too; the thing is compared all the same, so that no answer
  -- names one of another kind.
  if v_made ->> 'thing' = p_kind and taken.fingerprint = decode(p_fingerprint, 'hex') then
    return thing_answer('replayed', taken.resource_id, taken.created_at);
  end if;
  return jsonb_build_object('result', 'key_reused', 'conflict', v_made);
end $$;
