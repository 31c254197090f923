-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/ids.sql, ledger/transfers/reserve/command.sql

-- Why a transfer is declined, in the order of the refusal table (domain/refusals.ts); null: it is
-- not. `destination`: the destination where it is an account of ours. `taker`: the account that
-- takes the money, which is the destination or the rail's clearing account. An account of another
-- tenant is none; a comparison with none is null and refuses nothing. A debit takes from accounts
-- that credits raise (normal 1), a credit from the others (-1).
create or replace function ledger.refusal_of(
  command ledger.reserve_command,
  source ledger.locked_account,
  destination ledger.locked_account,
  taker ledger.locked_account
) returns text
language sql immutable
return case
  -- By the time in its id, which is that of the request.
  when command.execute_at < ledger.uuid_time(command.id) - interval '1 minute'
    then 'execute_at_passed'
  when source.account_id is null or (command.rail = 'book' and destination.account_id is null)
    then 'account_not_found'
  when source.account_id = destination.account_id then 'same_account'
  when command.rail <> 'book' and source.kind <> 'customer' then 'account_kind_not_allowed'
  when source.kind not in ('customer', 'funding')
    or destination.kind not in ('customer', 'funding') then 'account_kind_not_allowed'
  when source.currency <> command.currency or destination.currency <> command.currency
    then 'currency_mismatch'
  when source.status = 'closed' or destination.status = 'closed' then 'account_closed'
  when source.status = 'frozen' or destination.status = 'frozen' then 'account_frozen'
  when source.debit_capacity < command.amount or taker.credit_capacity < command.amount
    then 'amount_too_large'
  when source.normal = 1 and source.available - command.amount < source.floor
    then 'insufficient_funds'
  when taker.normal = -1 and taker.available - command.amount < taker.floor
    then 'insufficient_funds'
end;
