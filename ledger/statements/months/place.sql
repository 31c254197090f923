-- execute: nobody

-- The month of an instant in a zone, by its first day. Null: this database does not know the zone,
-- of which nobody else may feel anything.
create or replace function ledger.month_at(p_at timestamptz, p_zone text) returns date
language plpgsql stable as $$
begin
  return date_trunc('month', p_at at time zone p_zone)::date;
exception when invalid_parameter_value then
  return null;
end $$;

-- The zone, or UTC where this database does not know it, or no longer: times that are written with
-- it must not fail, because a statement keeps the zone with which it was cut.
create or replace function ledger.usable_zone(p_zone text) returns text
language sql stable
return case when ledger.month_at(now(), p_zone) is null then 'UTC' else p_zone end;

-- The first instant of a month in a zone, also where its first day has no midnight, or two of them.
-- Null: as above.
create or replace function ledger.start_of_month(p_first date, p_zone text) returns timestamptz
language plpgsql stable as $$
declare
  v_at timestamptz;
  v_earlier timestamptz;
begin
  v_at := p_first::timestamp at time zone p_zone;
  v_earlier := v_at - interval '1 hour';
  return case when v_earlier at time zone p_zone = p_first::timestamp then v_earlier else v_at end;
exception when invalid_parameter_value then
  return null;
end $$;

-- A month, as yyyy-mm, and where it ends.
create type ledger.placed_month as (
  month text,
  to_at timestamptz
);

-- The month that begins at p_from: p_first, or a later one where p_from is in that already. Without
-- an end when the zone is unknown.
create or replace function ledger.place_month(p_first date, p_from timestamptz, p_zone text)
returns ledger.placed_month
language sql stable
return (
  select row(
    to_char(placed.first, 'YYYY-MM'),
    ledger.start_of_month((placed.first + interval '1 month')::date, p_zone)
  )::ledger.placed_month
  from (select greatest(p_first, ledger.month_at(p_from, p_zone)) as first offset 0) placed
);

-- The first day of a month as it is written.
create or replace function ledger.first_of_month(p_month text) returns date
language sql immutable
return make_date(left(p_month, 4)::int, right(p_month, 2)::int, 1);
