-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/rails/few-sources.sql, ledger/rails/source-count.sql

-- A rail after new answers. Its breaker opens when too many are bad; one that was open closes with
-- a good answer, and with a new window.
create or replace function ledger.rail_after(
  rail ledger.rail,
  p_sources ledger.source_count[],
  p_now timestamptz
) returns ledger.rail
language plpgsql stable as $$
declare
  -- Enough for any ratio, and far from the end of an int.
  v_count_max constant int := 1000000;
  v_good int;
  v_bad int;
begin
  select coalesce(sum(good), 0)::int, coalesce(sum(bad), 0)::int
  into v_good, v_bad
  from unnest(p_sources);
  if rail.breaker = 'open' then
    if v_good > 0 then
      return closed_breaker(rail, p_now);
    end if;
    rail.probe_at := case
      when v_bad > 0 then p_now + milliseconds(rail.breaker_open_ms)
      else rail.probe_at
    end;
    return rail;
  end if;
  -- A window that begins ahead was begun under a wrong clock.
  if rail.window_started_at not between p_now - milliseconds(rail.breaker_window_ms) and p_now then
    rail := new_window(rail, p_now);
  end if;
  rail.good := least(rail.good + v_good, v_count_max);
  rail.bad := least(rail.bad + v_bad, v_count_max);
  rail.tenants := two_of(rail.tenants || array(select source.tenant from unnest(p_sources) source));
  rail.bad_sources := few_sources(rail.bad_sources || array(
    select source.tenant || '/' || source.bank from unnest(p_sources) source where source.bad > 0
  ));
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
  rail.tenants := '{}';
  rail.window_started_at := p_now;
  return rail;
end $$;

-- Whether enough of a window failed, and half of it or more, for more than one bank, and for more
-- than one tenant unless only one was seen: the bad numbers of one customer must not stop the rail
-- for the others.
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
    and v_tenants >= least(2, cardinality(rail.tenants));
end $$;
