import { kept } from './attached.ts';
import type { Check } from './run.ts';

export const trialBalance: Check = {
  name: 'trial-balance',
  promise: 'For each tenant and currency, debits equal credits: in the postings, in the balances and in what is held.',
  counted: 'tenants and currencies',
  smallestBy: 'tenant, then currency',
  examined: 'select count(*) from (select distinct tenant_id, currency from ledger.balance) x',
  breaches: `
    select tenant_id::text || currency as id, format('tenant %s, %s: %s are off by %s', tenant_id, currency, place, off) as witness from (
      select tenant_id, currency, 'postings' as place, sum(case side when 'debit' then amount else -amount end) as off
        from ledger.posting group by tenant_id, currency
      union all
      select tenant_id, currency, 'postings of detached months', sum(debit_posted) - sum(credit_posted) from ${kept} k group by tenant_id, currency
      union all
      select tenant_id, currency, 'balances', sum(debit_posted) - sum(credit_posted) from ledger.balance group by tenant_id, currency
      union all
      select tenant_id, currency, 'held amounts', sum(debit_held) - sum(credit_held) from ledger.balance group by tenant_id, currency
    ) x where off <> 0`,
};

/** The totals that a trial balance is read from. */
export const totals: Check = {
  name: 'totals',
  promise: 'The totals of each tenant, currency and kind of account are the sums of its balances.',
  counted: 'tenants, currencies and kinds',
  smallestBy: 'tenant, then currency, then kind',
  examined: 'select count(*) from (select distinct tenant_id, currency, kind from ledger.posted_total) x',
  breaches: `
    select coalesce(b.tenant_id, t.tenant_id)::text || coalesce(b.currency, t.currency) || coalesce(b.kind, t.kind) as id,
      format('tenant %s, %s, %s: the totals are %s and %s, the balances make %s and %s', coalesce(b.tenant_id, t.tenant_id), coalesce(b.currency, t.currency),
        coalesce(b.kind, t.kind), coalesce(t.debits, 0), coalesce(t.credits, 0), coalesce(b.debits, 0), coalesce(b.credits, 0)) as witness
    from (select tenant_id, currency, kind, sum(debit_posted) as debits, sum(credit_posted) as credits from ledger.balance group by 1, 2, 3) b
    full join (select tenant_id, currency, kind, sum(debits) as debits, sum(credits) as credits from ledger.posted_total group by 1, 2, 3) t
      on (t.tenant_id, t.currency, t.kind) = (b.tenant_id, b.currency, b.kind)
    where coalesce(b.debits, 0) <> coalesce(t.debits, 0) or coalesce(b.credits, 0) <> coalesce(t.credits, 0)`,
};
