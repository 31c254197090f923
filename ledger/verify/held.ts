import type { Check } from './run.ts';

export const held: Check = {
  name: 'held',
  promise:
    'What is held of an account is the sum of the active holds on it, those of transfers and what is left of those of clients, on the side on which they will be posted.',
  counted: 'balances with something held',
  smallestBy: 'account',
  examined: 'select count(*) from ledger.balance where debit_held > 0 or credit_held > 0',
  breaches: `
    select coalesce(b.account_id, h.account_id)::text as id,
      format('account %s has %s and %s held, its active holds make %s and %s', coalesce(b.account_id, h.account_id),
        b.debit_held, b.credit_held, coalesce(h.debits, 0), coalesce(h.credits, 0)) as witness
    from ledger.balance b full join (
      select account_id, sum(debits) as debits, sum(credits) as credits from (
        select account_id, amount as debits, 0 as credits from ledger.hold where state = 'active'
        union all
        select counter_account_id, 0, amount from ledger.hold where state = 'active'
        union all
        select source_account_id, amount - captured_amount, 0 from ledger.client_hold where state = 'open'
        union all
        select destination_account_id, 0, amount - captured_amount from ledger.client_hold where state = 'open') s
      group by account_id) h on h.account_id = b.account_id
    where b.account_id is null or b.debit_held <> coalesce(h.debits, 0) or b.credit_held <> coalesce(h.credits, 0)`,
};
