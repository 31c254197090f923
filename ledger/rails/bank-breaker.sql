-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/rails/source-count.sql

-- When a bank that is down is tried again; null: it is up.
create or replace function ledger.bank_probe_at(p_rail text, p_bank text) returns timestamptz
language plpgsql stable as $$
begin
  return (
    select probe_at from bank_breaker where rail = p_rail and bank = p_bank and breaker = 'open'
  );
end $$;

-- A bank's breaker after new answers. It opens when they cost too much, and closes with the first
-- good one.
create or replace function ledger.bank_after(
  bank ledger.bank_breaker,
  rail ledger.rail,
  counted ledger.bank_count,
  p_now timestamptz
) returns ledger.bank_breaker
language plpgsql stable as $$
declare
  -- Enough for any ratio, and far from the end of an int.
  v_count_max constant int := 1000000;
begin
  if bank.breaker = 'open' and counted.good = 0 then
    bank.probe_at := p_now + milliseconds(rail.breaker_open_ms);
    return bank;
  end if;
  if bank.breaker = 'open'
    -- A window that begins ahead was begun under a wrong clock.
    or bank.window_started_at not between p_now - milliseconds(rail.breaker_window_ms) and p_now
  then
    bank := new_bank_window(bank, p_now);
  end if;
  bank.good := least(bank.good + counted.good, v_count_max);
  bank.bad := least(bank.bad + counted.cost, v_count_max);
  bank.tenants := two_of(bank.tenants || counted.tenants);
  bank.bad_tenants := two_of(bank.bad_tenants || counted.bad_tenants);
  if bank.bad >= rail.breaker_failures
    and bank.bad * 2 >= bank.good + bank.bad
    and cardinality(bank.bad_tenants) >= cardinality(bank.tenants)
  then
    bank.breaker := 'open';
    bank.probe_at := p_now + milliseconds(rail.breaker_open_ms);
    bank.changed_at := p_now;
  end if;
  return bank;
end $$;

-- A breaker that is closed, with nothing counted.
create or replace function ledger.new_bank_window(bank ledger.bank_breaker, p_now timestamptz)
returns ledger.bank_breaker
language plpgsql immutable as $$
begin
  if bank.breaker = 'open' then
    bank.changed_at := p_now;
  end if;
  bank.breaker := 'closed';
  bank.probe_at := null;
  bank.good := 0;
  bank.bad := 0;
  bank.tenants := '{}';
  bank.bad_tenants := '{}';
  bank.window_started_at := p_now;
  return bank;
end $$;
