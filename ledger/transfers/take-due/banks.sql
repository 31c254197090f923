-- execute: nobody
-- needs: ledger/rails/bank-of.sql, ledger/transfers/deadlines.sql
-- needs: ledger/transfers/take-due/is-busy.sql

-- Puts rows whose bank is up again into the queue of their rail, at most 500 at a look, those of
-- each bank that have waited longest first.
create or replace function ledger.enqueue_recovered(network ledger.rail) returns void
language plpgsql as $$
declare
  v_rows_max constant int := 500;
begin
  with recovered as (
    select waiting.id
    from bank_breaker bank
    cross join lateral (
      select transfer.id
      from transfer
      where transfer.rail = network.name
        and transfer.state = 'scheduled'
        and transfer.waiting_for = 'bank'
        and bank_of(transfer.destination_bank) = bank.bank
      order by transfer.state_since, transfer.id
      limit v_rows_max
      for no key update skip locked
    ) waiting
    where bank.rail = network.name and bank.breaker = 'closed'
    limit v_rows_max
  )
  update transfer set
    next_what = case
      when network.breaker = 'closed' and network.paused_by is null then 'send_in_turn'
      else 'send_when_rail_recovers'
    end,
    waiting_for = 'rail'
  from recovered
  where transfer.id = recovered.id;
end $$;

-- For each bank that is down and whose time has come, the row that was tried longest ago, of the
-- first few whose account is not busy. Nobody sends another to these banks until `p_until`.
create or replace function ledger.bank_probes(
  network ledger.rail,
  p_now timestamptz,
  p_until timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_banks_max constant int := 50;
  v_rows_max constant int := 8;
  v_ids uuid[];
begin
  with probe as materialized (
    select bank.bank, oldest.id
    from (
      select bank_breaker.bank
      from bank_breaker
      where bank_breaker.rail = network.name
        and bank_breaker.breaker = 'open'
        and (
          bank_breaker.probe_at <= p_now
          -- A wrong clock wrote it: the probe is due.
          or bank_breaker.probe_at > p_now + longest_probe_wait(network)
        )
      order by bank_breaker.probe_at
      limit v_banks_max
    ) bank
    cross join lateral (
      select waiting.id
      from (
        select transfer.id, transfer.source_account_id
        from transfer
        where transfer.rail = network.name
          and transfer.state = 'scheduled'
          and transfer.waiting_for = 'bank'
          and bank_of(transfer.destination_bank) = bank.bank
        order by transfer.state_since, transfer.id
        limit v_rows_max
      ) waiting
      where not is_busy(waiting.source_account_id, network.name, p_now)
      limit 1
    ) oldest
  ), noted as (
    update bank_breaker set probe_at = p_until
    from probe
    where bank_breaker.rail = network.name and bank_breaker.bank = probe.bank
  )
  select array_agg(probe.id) into v_ids from probe;
  return v_ids;
end $$;
