import type { Check } from './run.ts';

export const trialBalance: Check = {
  name: 'trial-balance',
  promise: 'For each tenant and currency, debits equal credits: in the postings, in the balances and in what is held.',
  examined: 'select count(*) from (select distinct tenant_id, currency from ledger.balance) x',
  breaches: `
    select tenant_id::text || currency as id, format('tenant %s, %s: %s are off by %s', tenant_id, currency, place, off) as witness from (
      select tenant_id, currency, 'postings' as place, sum(case side when 'debit' then amount else -amount end) as off
        from ledger.posting group by tenant_id, currency
      union all
      select tenant_id, currency, 'balances', sum(debit_posted) - sum(credit_posted) from ledger.balance group by tenant_id, currency
      union all
      select tenant_id, currency, 'held amounts', sum(debit_held) - sum(credit_held) from ledger.balance group by tenant_id, currency
    ) x where off <> 0`,
};
