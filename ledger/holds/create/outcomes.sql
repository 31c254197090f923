-- execute: nobody
-- needs: ledger/access/made-under.sql, ledger/holds/create/command.sql, ledger/rfc3339.sql

-- What each command is answered, from the rows of its key and its request.
create or replace function ledger.new_hold_outcomes(
  p_commands ledger.hold_command[],
  p_called_at timestamptz
) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', command.id,
      'result', answer.result,
      'conflict', case answer.result when 'key_reused' then made_under(owner) end,
      'hold_id', request.hold_id,
      'refusal', request.refusal_code,
      'created_at', rfc3339(request.created_at)
    ) order by command.ordinality), '[]')
    from unnest(p_commands) with ordinality command
    left join idempotency_key owner
      on owner.tenant_id = command.tenant_id and owner.key = command.key
    left join hold_request request on request.id = owner.resource_id
    cross join lateral (
      select case
        when owner.key is null and not may_expire_at(command.expires_at, p_called_at)
          then 'expiry_out_of_range'
        when owner.key is null then 'too_old'
        when request.id = command.id then 'decided'
        when request.act = 'create' and owner.fingerprint = decode(command.fingerprint, 'hex')
          then 'replayed'
        else 'key_reused'
      end as result
    ) answer
  );
end $$;
