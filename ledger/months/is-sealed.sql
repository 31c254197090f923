-- execute: nobody

-- Whether what was committed at a time is in a month that is detached, or is being detached: what
-- is kept of it is complete, so nothing may ask for more of it.
create or replace function ledger.is_sealed(p_at timestamptz) returns boolean
language sql stable set search_path = ledger, pg_temp as $$
  select exists (
    select
    from detached_month
    where status <> 'attached' and p_at >= from_at and p_at < to_at)
$$;
