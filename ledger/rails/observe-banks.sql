-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/rails/bank-breaker.sql, ledger/rails/bank-of.sql
-- needs: ledger/rails/source-count.sql

-- Counts new answers for the breakers of their banks. A bank has a row from its first failure on,
-- until a window has passed without one; a thousand of a rail at most, beyond which only the rail's
-- own breaker looks at a bank. Returns the banks whose breaker changed: [{bank, breaker}].
create or replace function ledger.observe_banks(
  network ledger.rail,
  p_sources ledger.source_count[],
  p_now timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_changed jsonb;
begin
  if exists (select from unnest(p_sources) source where source.bad > 0) then
    perform forget_banks(network, p_now);
    perform remember_banks(network, p_sources, p_now);
  end if;
  with counted as materialized (
    select
      known.bank as name,
      known.breaker as before,
      bank_after(known, network, counted, p_now) as bank
    from counts_by_bank(p_sources) counted
    join bank_breaker known on known.rail = network.name and known.bank = counted.bank
  ), written as (
    update bank_breaker as b set
      breaker = (counted.bank).breaker,
      probe_at = (counted.bank).probe_at,
      good = (counted.bank).good,
      bad = (counted.bank).bad,
      tenants = (counted.bank).tenants,
      bad_tenants = (counted.bank).bad_tenants,
      window_started_at = (counted.bank).window_started_at,
      changed_at = (counted.bank).changed_at
    from counted
    where b.rail = network.name and b.bank = counted.name
    returning b.bank, b.breaker, counted.before
  )
  select jsonb_agg(jsonb_build_object('bank', bank, 'breaker', breaker))
  into v_changed
  from written
  where breaker <> before;
  return coalesce(v_changed, '[]');
end $$;

-- Rows of banks that have been well for more than a window, and for a minute, in which a call that
-- saw them down has written what it decided. Not while a transfer waits for the bank.
create or replace function ledger.forget_banks(network ledger.rail, p_now timestamptz)
returns void
language plpgsql as $$
begin
  delete from bank_breaker bank
  where bank.rail = network.name
    and bank.breaker = 'closed'
    and bank.window_started_at < p_now - milliseconds(network.breaker_window_ms)
    and bank.changed_at < p_now - interval '1 minute'
    and not exists (
      select
      from transfer
      where transfer.rail = bank.rail
        and transfer.state = 'scheduled'
        and transfer.waiting_for = 'bank'
        and bank_of(transfer.destination_bank) = bank.bank
    );
end $$;

create or replace function ledger.remember_banks(
  network ledger.rail,
  p_sources ledger.source_count[],
  p_now timestamptz
) returns void
language plpgsql as $$
declare
  v_banks_max constant int := 1000;
begin
  insert into bank_breaker (rail, bank, window_started_at, changed_at)
  select distinct network.name, source.bank, p_now, p_now
  from unnest(p_sources) source
  where source.bad > 0
    and length(source.bank) between 1 and 64
    and not exists (
      select from bank_breaker bank where bank.rail = network.name and bank.bank = source.bank
    )
  limit v_banks_max - (select count(*) from bank_breaker bank where bank.rail = network.name);
end $$;
