import { kept } from './attached.ts';
import type { Check } from './run.ts';

export const balances: Check = {
  name: 'balances',
  promise: 'What an account has posted is the sum of its postings, debits and credits apart.',
  counted: 'balances',
  smallestBy: 'account',
  examined: 'select count(*) from ledger.balance',
  breaches: `
    select coalesce(b.account_id, p.account_id)::text as id,
      format('account %s has debits %s and credits %s, its postings make %s and %s', coalesce(b.account_id, p.account_id),
        b.debit_posted, b.credit_posted, coalesce(p.debits, 0), coalesce(p.credits, 0)) as witness
    from ledger.balance b full join (
      select account_id, coalesce(sum(amount) filter (where side = 'debit'), 0) as debits, coalesce(sum(amount) filter (where side = 'credit'), 0) as credits
      from (
        select account_id, side, amount from ledger.posting
        union all
        select k.account_id, s.side, s.amount from ${kept} k cross join lateral (values ('debit', k.debit_posted), ('credit', k.credit_posted)) s (side, amount)
      ) q group by account_id) p on p.account_id = b.account_id
    where b.account_id is null or b.debit_posted <> coalesce(p.debits, 0) or b.credit_posted <> coalesce(p.credits, 0)`,
};
