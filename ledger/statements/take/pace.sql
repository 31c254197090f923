-- execute: nobody

-- How many statements the pace of a month allows now, and the place in time of the first: each has
-- one, a `gap` apart; places of the last second that nobody took may still be taken. Without a pace
-- there are no places.
create type ledger.paced_statements as (
  allowed int,
  gap interval,
  first_at timestamptz
);

create or replace function ledger.paced(
  month ledger.statement_month,
  p_limit int,
  p_now timestamptz
) returns ledger.paced_statements
language plpgsql stable as $$
declare
  v_gap interval;
  v_first_at timestamptz;
begin
  if month.pace is null then return row(p_limit, null, null)::paced_statements; end if;
  if month.pace = 0 then
    return row(0, interval '1 minute', p_now + interval '1 minute')::paced_statements;
  end if;
  v_gap := interval '1 minute' / month.pace;
  -- No place is further ahead than the next: a wrong clock would have written it.
  v_first_at := least(
    greatest(coalesce(month.paced_at, p_now), p_now - interval '1 second'), p_now + v_gap);
  if v_first_at > p_now then return row(0, v_gap, v_first_at)::paced_statements; end if;
  return row(
    least(
      p_limit,
      1 + floor(extract(epoch from p_now - v_first_at) / extract(epoch from v_gap))::int),
    v_gap,
    v_first_at
  )::paced_statements;
end $$;
