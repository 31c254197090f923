-- execute: nobody

create or replace function ledger.milliseconds(p_ms bigint) returns interval
language sql immutable
return make_interval(secs => p_ms / 1000.0);

-- How long until an instant: 0 when it has passed, null when there is none.
create or replace function ledger.milliseconds_until(p_at timestamptz, p_now timestamptz)
returns bigint
language sql stable
return case
  when p_at is not null then greatest(ceil(extract(epoch from p_at - p_now) * 1000), 0)::bigint
end;
