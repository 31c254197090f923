-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/rails/bank-of.sql, ledger/transfers/claim/command.sql
-- needs: ledger/transfers/claim/instruction.sql, ledger/transfers/claim/refusal.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- One row for each command; `outcome` is what the caller is answered. Without a search path of its
-- own, so that Postgres puts it inline.
create or replace function ledger.decide_claims(
  p_commands ledger.claim_command[],
  p_now timestamptz
) returns table (decision ledger.claim_decision, outcome jsonb, is_ahead boolean)
language sql stable as $$
  select
    row(
      command.id,
      transfer.tenant_id,
      command.sender,
      decided.refusal is null and not decided.is_again,
      command.attempt_n,
      granted.n,
      granted.granted_at,
      granted.lease_until
    )::ledger.claim_decision,
    case
      when decided.refusal is null then jsonb_build_object(
        'id', command.id,
        'granted', true,
        'n', granted.n,
        'lease_ms', ledger.milliseconds_until(granted.lease_until, granted.granted_at),
        'attempt', ledger.instruction(transfer, attempt)
      )
      else jsonb_build_object('id', command.id, 'granted', false, 'why', decided.refusal)
    end,
    sends.is_ahead
  from unnest(p_commands) command
  left join ledger.transfer on transfer.id = command.id
  left join ledger.attempt on attempt.transfer_id = command.id and attempt.n = command.attempt_n
  left join ledger.rail network on network.name = transfer.rail
  left join ledger.bank_breaker known
    on known.rail = transfer.rail and known.bank = ledger.bank_of(transfer.destination_bank)
  cross join lateral ledger.unresolved_sends(
    command.id, command.attempt_n, attempt.created_at, p_now
  ) sends
  -- Offset 0 keeps each decision from being computed once per use.
  cross join lateral (
    select
      ledger.claim_refusal(command, transfer, attempt, network, known, sends, p_now)
        as refusal,
      coalesce(sends.is_live and sends.open_sender = command.sender, false) as is_again
    offset 0
  ) decided
  cross join lateral (
    select
      case when decided.is_again then sends.granted else sends.granted + 1 end as n,
      case when decided.is_again then sends.open_since else p_now end as granted_at,
      case
        when decided.is_again then sends.open_until
        else p_now + ledger.milliseconds(network.request_timeout_ms + network.lease_margin_ms)
      end as lease_until
    offset 0
  ) granted
$$;
