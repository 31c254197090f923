-- execute: nobody

-- Why an entry cannot be reversed, in the order of the refusal table; null: it can. To be asked
-- under the locks of its accounts, which every reversal of it takes.
create or replace function ledger.reversal_refusal(original ledger.entry) returns text
language plpgsql stable as $$
begin
  return case
    when original.transfer_id is not null then 'belongs_to_transfer'
    when original.reverses_id is not null then 'not_reversible'
    when exists (
      select
      from entry_request
      where entry_request.reverses_id = original.id and entry_request.refusal_code is null
    ) then 'already_reversed'
  end;
end $$;
