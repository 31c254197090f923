-- execute: nobody
-- needs: ledger/access/made-under.sql
-- needs: ledger/entries/find-entry.sql, ledger/entries/post-entries/command.sql
-- needs: ledger/entries/post-entries/legs.sql, ledger/rfc3339.sql

-- What each command is answered, from the rows of its key, its request and its entry.
create or replace function ledger.entry_outcomes(p_commands ledger.entry_command[]) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', command.id,
      'result', answer.result,
      'conflict', case answer.result when 'key_reused' then made_under(owner) end,
      'entry_id', owner.entry_id,
      'refusal', case when request.refusal_code is not null then jsonb_build_object(
        'code', request.refusal_code,
        'leg', request.refusal_leg
      ) end,
      'created_at', rfc3339(request.created_at),
      'effective_at', rfc3339(
        coalesce(posted.effective_at, kept.effective_at, request.created_at)),
      'legs', case when command.reverses_id is not null then (
        select jsonb_agg(jsonb_build_object(
          'debit_account_id', turned.debit_account_id,
          'credit_account_id', turned.credit_account_id,
          'amount', turned.amount::text,
          'currency', turned.currency
        ) order by turned.leg)
        from turned_legs(command.reverses_id, command.tenant_id) turned
      ) end
    ) order by command.ordinality), '[]')
    from unnest(p_commands) with ordinality command
    left join idempotency_key owner
      on owner.tenant_id = command.tenant_id and owner.key = command.key
    cross join lateral (
      select case
        when owner.key is null and command.reverses_id is not null
          and is_sealed_entry(command.reverses_id) then 'archived'
        when owner.key is null and command.reverses_id is not null
          and (find_entry(command.reverses_id, command.tenant_id)).id is null then 'not_found'
        when owner.key is null then 'too_old'
        when owner.entry_id = command.id then 'decided'
        when owner.entry_id is not null
          and owner.fingerprint = decode(command.fingerprint, 'hex') then 'replayed'
        else 'key_reused'
      end as result
    ) answer
    left join entry_request request on request.id = owner.entry_id
    -- With its time, so that only the partition of one month is looked into.
    left join entry posted on posted.id = request.id and posted.created_at = request.created_at
    -- What is kept of it, where that month is detached.
    left join kept_entry kept on kept.id = request.id
  );
end $$;
