-- execute: nobody
-- needs: ledger/transfers/reserve/command.sql, ledger/transfers/reserve/outcomes.sql
-- needs: ledger/transfers/reverse/reversal-of.sql

-- What each command is answered: as a transfer that was reserved, or why nothing was stored.
create or replace function ledger.reverse_outcomes(p_requests ledger.reserve_command[])
returns jsonb
language plpgsql stable as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(
    answer.outcome || case
      when answer.outcome ->> 'result' <> 'too_old' then '{}'
      when original.id is null then '{"result": "not_found"}'
      when original.state = 'reversed' then jsonb_build_object(
        'result', 'already_reversed', 'reversed_by_id', original.reversed_by_id
      )
      when reversal_of(original) is null then '{"result": "not_reversible"}'
      else '{}'
    end
    order by answer.ordinality
  )
  into v_outcomes
  from jsonb_array_elements(reserve_outcomes(p_requests)) with ordinality answer (outcome)
  join unnest(p_requests) with ordinality request on request.ordinality = answer.ordinality
  left join transfer original
    on original.id = request.reverses_id and original.tenant_id = request.tenant_id;
  return coalesce(v_outcomes, '[]');
end $$;
