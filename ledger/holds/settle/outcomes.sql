-- execute: nobody
-- needs: ledger/access/made-under.sql, ledger/holds/settle/act.sql, ledger/rfc3339.sql

-- What each request about a hold is answered, from the rows of its key, its request and its hold.
create or replace function ledger.hold_outcomes(p_acts ledger.hold_act[]) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', act.id,
      'result', answer.result,
      'conflict', case answer.result when 'key_reused' then made_under(owner) end,
      'entry_id', request.entry_id,
      'request_id', request.id,
      'refusal', request.refusal_code,
      'amount', request.amount::text,
      'captured_amount', request.captured_amount::text,
      'hold_state', request.hold_state,
      'created_at', rfc3339(request.created_at),
      'hold', case when held.id is not null then hold_json(held) end
    ) order by act.ordinality), '[]')
    from unnest(p_acts) with ordinality act
    left join idempotency_key owner on owner.tenant_id = act.tenant_id and owner.key = act.key
    left join hold_request request on request.id = coalesce(
      owner.resource_id, case when act.key is null then act.id end)
    left join client_hold held on held.id = act.hold_id and held.tenant_id = act.tenant_id
    cross join lateral (
      select case
        when owner.key is null and held.id is null then 'not_found'
        when owner.key is null and request.id is null then 'too_old'
        when request.id = act.id then 'decided'
        when request.act = act.act and request.hold_id = act.hold_id
          and owner.fingerprint = decode(act.fingerprint, 'hex') then 'replayed'
        else 'key_reused'
      end as result
    ) answer
  );
end $$;

-- A hold as it leaves the database. Every figure is text, because JSON numbers lose digits.
create or replace function ledger.hold_json(held ledger.client_hold) returns jsonb
language sql stable
return jsonb_build_object(
  'id', held.id,
  'source_account_id', held.source_account_id,
  'destination_account_id', held.destination_account_id,
  'currency', held.currency,
  'amount', held.amount::text,
  'captured_amount', held.captured_amount::text,
  'state', held.state,
  'version', held.version,
  'reference', held.reference,
  'metadata', held.metadata,
  'release_reason', held.release_reason,
  'expires_at', ledger.rfc3339(held.expires_at),
  'created_at', ledger.rfc3339(held.created_at),
  'updated_at', ledger.rfc3339(held.updated_at),
  'closed_at', ledger.rfc3339(held.closed_at),
  'entry_ids', (
    select coalesce(jsonb_agg(capture.entry_id order by capture.created_at, capture.id), '[]')
    from ledger.hold_request capture
    where capture.hold_id = held.id and capture.entry_id is not null
  )
);
