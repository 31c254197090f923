import type { Check } from './run.ts';

export const entries: Check = {
  name: 'entries',
  promise:
    'Each leg of each entry is one debit and one credit of equal amount and currency, on accounts of that currency and of the same tenant.',
  counted: 'entries',
  smallestBy: 'entry',
  examined: 'select count(*) from ledger.entry',
  breaches: `
    with leg as (
      select p.entry_id, p.leg, count(*) filter (where p.side = 'debit') as debits, count(*) filter (where p.side = 'credit') as credits,
        count(distinct p.amount) as amounts, count(distinct p.currency) as currencies, count(distinct p.tenant_id) as tenants,
        bool_or(b.account_id is null or b.currency <> p.currency or b.tenant_id <> p.tenant_id) as is_foreign,
        bool_or(e.id is null or e.tenant_id <> p.tenant_id or e.transfer_id is distinct from p.transfer_id or e.created_at <> p.created_at) as is_astray
      from ledger.posting p
      left join ledger.balance b on b.account_id = p.account_id
      left join ledger.entry e on e.id = p.entry_id
      group by p.entry_id, p.leg
    )
    select entry_id::text as id, format('entry %s, leg %s: %s debits, %s credits, %s amounts, %s currencies, %s tenants%s%s', entry_id, leg, debits, credits,
      amounts, currencies, tenants, case when is_foreign then ', on a foreign account' end, case when is_astray then ', apart from its entry' end) as witness
    from leg where debits <> 1 or credits <> 1 or amounts <> 1 or currencies <> 1 or tenants <> 1 or is_foreign or is_astray
    union all
    select e.id::text, format('entry %s has no legs', e.id) from ledger.entry e where not exists (select 1 from ledger.posting p where p.entry_id = e.id)
    union all
    select id::text, format('entry %s is written %s times', id, count(*)) from ledger.entry group by id having count(*) > 1`,
};
