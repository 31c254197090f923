-- execute: nobody
-- needs: ledger/transfers/take-due/is-busy.sql

-- Rows that wait for a person and are looked at daily, of those whose time has come.
create or replace function ledger.person_rows(p_rail text, p_now timestamptz) returns uuid[]
language plpgsql stable as $$
declare
  v_rows_max constant int := 20;
begin
  return array(
    select late.id
    from (
      select transfer.id, transfer.source_account_id
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.waiting_for = 'person'
        and transfer.next_at <= p_now
      order by transfer.next_at
      limit v_rows_max
    ) late
    where not is_busy(late.source_account_id, p_rail, p_now)
  );
end $$;
