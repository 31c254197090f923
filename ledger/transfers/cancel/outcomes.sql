-- execute: nobody
-- needs: ledger/access/made-under.sql, ledger/commit/state-change.sql, ledger/rfc3339.sql
-- needs: ledger/transfers/cancel/command.sql

-- What each command is answered, in their order.
create or replace function ledger.cancel_outcomes(
  p_commands ledger.cancel_command[],
  p_changes ledger.state_change[]
) returns jsonb
language plpgsql stable as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'id', command.id,
    'result', answer.result,
    'conflict', case answer.result when 'key_reused' then made_under(owner) end,
    'state', transfer.state,
    'at', case transfer.state when 'cancelled' then rfc3339(transfer.state_since) end,
    'version', coalesce(event.version, kept.version)
  ) order by command.ordinality)
  into v_outcomes
  from unnest(p_commands) with ordinality command
  left join transfer on transfer.id = command.id and transfer.tenant_id = command.tenant_id
  left join idempotency_key owner
    on owner.tenant_id = command.tenant_id and owner.key = command.key
  left join unnest(p_changes) change on change.transfer_id = command.id
  cross join lateral (
    select case
      when owner.key is not null and (
        owner.resource_id is distinct from command.id
        or owner.fingerprint <> decode(command.fingerprint, 'hex')
      ) then 'key_reused'
      when transfer.id is null then 'not_found'
      when change.transfer_id is not null then 'cancelled'
      when transfer.state = 'cancelled' then 'replayed'
      else 'state_conflict'
    end as result
  ) answer
  -- With its time, so that only the partition of one month is looked into.
  left join event
    on event.subject_id = transfer.id
    and event.cause = 'cancelled'
    and event.created_at = transfer.state_since
  -- Looked for only where the event is not attached: for null no index is searched.
  left join kept_event kept
    on kept.transfer_id = case when event.subject_id is null then transfer.id end
    and kept.cause = 'cancelled';
  return coalesce(v_outcomes, '[]');
end $$;
