-- execute: nobody

-- Milliseconds since a time. One that lies ahead was written under a wrong clock and proves
-- nothing: then null, as if it had never been written.
create or replace function ledger.age_ms(p_at timestamptz, p_now timestamptz) returns bigint
language sql immutable
return case when p_at <= p_now then floor(extract(epoch from p_now - p_at) * 1000)::bigint end;
