-- execute: nobody

-- Of many sources (`tenant/bank`) at most two of each of four tenants, so that no tenant's many
-- banks push another one out.
create or replace function ledger.few_sources(p_sources text[]) returns text[]
language plpgsql immutable as $$
begin
  return array(
    select ranked.source
    from (
      select
        source,
        row_number() over (partition by split_part(source, '/', 1) order by source) as nth,
        dense_rank() over (order by split_part(source, '/', 1)) as tenant
      from (select distinct source from unnest(p_sources) source) known
    ) ranked
    where ranked.nth <= 2 and ranked.tenant <= 4
    order by ranked.source
  );
end $$;
