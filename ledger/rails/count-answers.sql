-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/rails/few-sources.sql

-- A rail with new answers counted in its window. The breaker opens when they are too many; one that
-- was open had a good answer and closes, with a new window.
create or replace function ledger.counted(
  rail ledger.rail,
  p_good int,
  p_bad int,
  p_bad_sources text[],
  p_now timestamptz
) returns ledger.rail
language plpgsql stable as $$
declare
  -- Enough for any ratio, and far from the end of an int.
  v_count_max constant int := 1000000;
begin
  if rail.breaker = 'open' then
    return closed_breaker(rail, p_now);
  end if;
  -- A window that begins ahead was begun under a wrong clock.
  if rail.window_started_at not between p_now - milliseconds(rail.breaker_window_ms) and p_now then
    rail := new_window(rail, p_now);
  end if;
  rail.good := least(rail.good + p_good, v_count_max);
  rail.bad := least(rail.bad + p_bad, v_count_max);
  rail.bad_sources := few_sources(rail.bad_sources || p_bad_sources);
  if fails_too_much(rail) then
    rail.breaker := 'open';
    rail.probe_at := p_now + milliseconds(rail.breaker_open_ms);
    rail.changed_at := p_now;
  end if;
  return rail;
end $$;

create or replace function ledger.closed_breaker(rail ledger.rail, p_now timestamptz)
returns ledger.rail
language plpgsql immutable as $$
begin
  rail := new_window(rail, p_now);
  rail.breaker := 'closed';
  rail.probe_at := null;
  rail.changed_at := p_now;
  return rail;
end $$;

create or replace function ledger.new_window(rail ledger.rail, p_now timestamptz)
returns ledger.rail
language plpgsql immutable as $$
begin
  rail.good := 0;
  rail.bad := 0;
  rail.bad_sources := '{}';
  rail.window_started_at := p_now;
  return rail;
end $$;

-- Whether enough of a window failed, and half of it or more, for more than one bank, and for more
-- than one tenant unless nobody at all had a good answer: the bad numbers of one customer must not
-- stop the rail for the others.
create or replace function ledger.fails_too_much(rail ledger.rail) returns boolean
language plpgsql immutable as $$
declare
  v_tenants int;
  v_banks int;
begin
  select
    count(distinct split_part(source, '/', 1))::int,
    count(distinct split_part(source, '/', 2))::int
  into v_tenants, v_banks
  from unnest(rail.bad_sources) source;
  return rail.bad >= rail.breaker_failures
    and rail.bad * 2 >= rail.good + rail.bad
    and v_banks >= 2
    and (v_tenants >= 2 or rail.good = 0);
end $$;
