-- execute: nobody

-- An instant with the offset of its zone, so that its first ten characters are the day there: who
-- draws a statement knows no zones.
create or replace function ledger.rfc3339_in_zone(p_at timestamptz, p_zone text) returns text
language sql stable parallel safe
return (
  select to_char(there.local, 'YYYY-MM-DD"T"HH24:MI:SS.MS')
    || case when there.ahead < interval '0' then '-' else '+' end
    || to_char(greatest(there.ahead, -there.ahead), 'HH24:MI')
  from (
    select
      p_at at time zone p_zone as local,
      (p_at at time zone p_zone) - (p_at at time zone 'UTC') as ahead
  ) there
);
