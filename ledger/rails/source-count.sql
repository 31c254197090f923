-- execute: nobody

-- What one worker saw of one tenant's transfers to one bank: answers, failures, and what the
-- failures cost, of which one without an answer costs more than one that is told at once.
create type ledger.source_count as (
  tenant text,
  bank text,
  good int,
  bad int,
  cost int
);

-- The same of all tenants of one bank together. Of tenants, two are kept: those that had an answer,
-- and those that failed.
create type ledger.bank_count as (
  bank text,
  good int,
  cost int,
  tenants text[],
  bad_tenants text[]
);

create or replace function ledger.counts_by_bank(p_sources ledger.source_count[])
returns setof ledger.bank_count
language sql stable as $$
  select
    source.bank,
    least(sum(source.good), 1000000)::int,
    least(sum(source.cost), 1000000)::int,
    array_agg(source.tenant),
    array_agg(source.tenant) filter (where source.bad > 0)
  from unnest(p_sources) source
  group by source.bank
$$;

-- Two different ones of them, or as many as there are: enough to know whether it is one alone.
create or replace function ledger.two_of(p_names text[]) returns text[]
language sql immutable
return array(
  select distinct name from unnest(p_names) name where name is not null order by name limit 2
);
