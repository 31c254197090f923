-- execute: nobody

-- Of many sources (`tenant/bank`) at most two of each of four tenants: no tenant's many banks push another one out.
create or replace function ledger.few_sources(p_sources text[]) returns text[] language sql immutable set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(y.source order by y.source), '{}') from (
    select x.source, row_number() over (partition by split_part(x.source, '/', 1) order by x.source) as n,
      dense_rank() over (order by split_part(x.source, '/', 1)) as tenant
    from (select distinct unnest(p_sources) as source) x) y
  where y.n <= 2 and y.tenant <= 4
$$;
