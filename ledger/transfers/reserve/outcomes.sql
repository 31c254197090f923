-- execute: nobody
-- needs: ledger/access/made-under.sql, ledger/rfc3339.sql
-- needs: ledger/transfers/reserve/command.sql

-- What each command is answered, from the rows of its key, its transfer and its first event, or
-- what is kept of that where its month is detached.
create or replace function ledger.reserve_outcomes(p_commands ledger.reserve_command[])
returns jsonb
language plpgsql stable as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'id', command.id,
    'tenant_id', command.tenant_id,
    'transfer_id', owner.transfer_id,
    'conflict', case answer.result when 'key_reused' then made_under(owner) end,
    'fingerprint', encode(owner.fingerprint, 'hex'),
    'source_account_id', command.source_account_id,
    'destination_account_id', command.destination_account_id,
    'result', answer.result,
    'event', case when first.cause is not null then jsonb_build_object(
      'cause', first.cause,
      'to', first.to_state,
      'at', rfc3339(transfer.created_at),
      'evidence', first.evidence
    ) end
  ) order by command.ordinality)
  into v_outcomes
  from unnest(p_commands) with ordinality command
  left join idempotency_key owner
    on owner.tenant_id = command.tenant_id and owner.key = command.key
  left join rail network on network.name = command.rail
  cross join lateral (
    select case
      when owner.key is null and network.name is null then 'rail_unknown'
      when owner.key is null then 'too_old'
      when owner.transfer_id = command.id then 'decided'
      when owner.transfer_id is not null
        and owner.fingerprint = decode(command.fingerprint, 'hex') then 'replayed'
      else 'key_reused'
    end as result
  ) answer
  left join transfer on transfer.id = owner.transfer_id
  -- With its time, so that only the partition of one month is looked into.
  left join event
    on event.subject_id = transfer.id
    and event.version = 1
    and event.created_at = transfer.created_at
  -- Looked for only where the event is not attached: for null no index is searched.
  left join kept_event kept
    on kept.transfer_id = case when event.subject_id is null then transfer.id end
    and kept.version = 1
  cross join lateral (
    select
      coalesce(event.cause, kept.cause) as cause,
      coalesce(event.to_state, kept.to_state) as to_state,
      coalesce(event.evidence, kept.evidence) as evidence
  ) first;
  return coalesce(v_outcomes, '[]');
end $$;
