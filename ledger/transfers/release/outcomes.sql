-- execute: nobody

create or replace function ledger.release_outcomes(p_ids uuid[], p_carriers uuid[]) returns jsonb
language plpgsql stable as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'id', taken.id,
    'state', case
      when transfer.state in ('scheduled', 'submitting')
        and transfer.carrier is distinct from taken.carrier then 'elsewhere'
      else transfer.state
    end
  ) order by taken.n)
  into v_outcomes
  from unnest(p_ids, p_carriers) with ordinality taken (id, carrier, n)
  left join transfer on transfer.id = taken.id;
  return coalesce(v_outcomes, '[]');
end $$;
