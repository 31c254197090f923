-- execute: nobody

-- How many transfers have attention that nobody has acknowledged, by reason: ten thousand of each
-- at most, with the one that has waited longest as far as its id tells. Steps along one index.
-- [{reason, count, transfer_id}]
create or replace function ledger.open_attentions() returns jsonb
language plpgsql stable as $$
declare
  v_count_max constant int := 10000;
  v_reasons_max constant int := 50;
  v_found jsonb := '[]'::jsonb;
  v_reason text := '';
begin
  for i in 1..v_reasons_max loop
    v_reason := (
      select transfer.attention_reason
      from transfer
      where transfer.attention_reason is not null
        and transfer.attention_acknowledged_at is null
        and transfer.attention_reason > v_reason
      order by transfer.attention_reason
      limit 1
    );
    exit when v_reason is null;
    v_found := v_found || (
      select jsonb_build_object(
        'reason', v_reason,
        'count', count(*),
        'transfer_id', (array_agg(marked.id order by marked.id))[1])
      from (
        select transfer.id
        from transfer
        where transfer.attention_reason is not null
          and transfer.attention_acknowledged_at is null
          and transfer.attention_reason = v_reason
        order by transfer.id
        limit v_count_max
      ) marked
    );
  end loop;
  return v_found;
end $$;
