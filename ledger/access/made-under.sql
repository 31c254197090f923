-- execute: nobody

-- What the request made that a used idempotency key belongs to: {thing, id}. Null: the ledger
-- refused it, and it made nothing. A declined transfer is there; a refused entry or hold is not.
create or replace function ledger.made_under(p_key ledger.idempotency_key) returns jsonb
language plpgsql stable as $$
declare
  v_id constant uuid := p_key.resource_id;
  of_hold ledger.hold_request;
begin
  if p_key.transfer_id is not null then
    return jsonb_build_object('thing', 'transfer', 'id', p_key.transfer_id);
  end if;
  if p_key.entry_id is not null then
    if exists (
      select from entry_request
      where entry_request.id = p_key.entry_id and entry_request.refusal_code is not null
    ) then
      return null;
    end if;
    return jsonb_build_object('thing', 'entry', 'id', p_key.entry_id);
  end if;
  select * into of_hold from hold_request where hold_request.id = v_id;
  if of_hold.refusal_code is not null then return null; end if;
  if of_hold.entry_id is not null then
    return jsonb_build_object('thing', 'entry', 'id', of_hold.entry_id);
  end if;
  if of_hold.hold_id is not null then
    return jsonb_build_object('thing', 'hold', 'id', of_hold.hold_id);
  end if;
  return jsonb_build_object('id', v_id, 'thing', case
    when exists (select from account where account.id = v_id) then 'account'
    when exists (select from api_key where api_key.id = v_id) then 'api_key'
    when exists (select from statement where statement.id = v_id) then 'statement'
    -- It was cancelled.
    when exists (select from transfer where transfer.id = v_id) then 'transfer'
    -- Of these only an endpoint may have been deleted since.
    else 'webhook_endpoint'
  end);
end $$;
