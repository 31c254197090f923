-- execute: nobody
-- needs: ledger/upkeep/age.sql

-- How long the probe of an open breaker is late although something waits for it, else 0: only a
-- probe can close the breaker.
create or replace function ledger.probe_late_ms(rail ledger.rail, p_now timestamptz)
returns bigint
language plpgsql stable as $$
begin
  if rail.breaker = 'closed' or rail.paused_by is not null then
    return 0::bigint;
  end if;
  if exists (
    select from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
  ) or exists (
    select from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.next_what not in ('send_in_turn', 'send_when_rail_recovers')
      and transfer.waiting_for <> 'person'
      and transfer.next_at < rail.probe_at
  ) then
    return coalesce(age_ms(rail.probe_at, p_now), 0);
  end if;
  return 0::bigint;
end $$;

-- How late the oldest send of a rail is whose answer should be there; 0 when none is.
create or replace function ledger.submitting_late_ms(p_rail text, p_now timestamptz)
returns bigint
language sql stable as $$
  select coalesce(ledger.age_ms(min(transfer.next_at), p_now), 0)
  from ledger.transfer
  where transfer.rail = p_rail
    and transfer.state in ('submitting', 'unknown')
    and transfer.state = 'submitting'
    and transfer.next_what = 'await_answer'
$$;

-- How late the oldest inquiry of a rail is; 0 when none is.
create or replace function ledger.unknown_late_ms(p_rail text, p_now timestamptz) returns bigint
language sql stable as $$
  select coalesce(ledger.age_ms(min(transfer.next_at), p_now), 0)
  from ledger.transfer
  where transfer.rail = p_rail
    and transfer.state in ('submitting', 'unknown')
    and transfer.state = 'unknown'
    and transfer.next_what = 'inquire'
$$;
