-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/entries/post-entries/command.sql

-- Why a leg is refused by itself, in the order of the refusal table (domain/refusals.ts); null: it
-- is not. An account of another tenant is none. What its entry does to the accounts as a whole is
-- checked by decide_entries.
create or replace function ledger.leg_refusal(
  leg ledger.entry_leg,
  debit ledger.locked_account,
  credit ledger.locked_account
) returns text
language sql immutable
return case
  when debit.account_id is null or credit.account_id is null then 'account_not_found'
  when debit.account_id = credit.account_id then 'same_account'
  when debit.kind not in ('customer', 'funding', 'fees')
    or credit.kind not in ('customer', 'funding', 'fees') then 'account_kind_not_allowed'
  when debit.currency <> leg.currency or credit.currency <> leg.currency then 'currency_mismatch'
  when debit.status = 'closed' or credit.status = 'closed' then 'account_closed'
  when debit.status = 'frozen' or credit.status = 'frozen' then 'account_frozen'
end;
