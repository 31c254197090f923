import type { Check } from './run.ts';

export const accounts: Check = {
  name: 'accounts',
  promise:
    'Every account has one balance of its own tenant, kind and currency, with the side and the floor of its kind.',
  counted: 'accounts',
  smallestBy: 'account',
  examined: 'select count(*) from ledger.account',
  breaches: `
    select coalesce(a.id, b.account_id)::text as id,
      case when b.account_id is null then format('account %s has no balance', a.id)
        when a.id is null then format('the balance %s has no account', b.account_id)
        else format('account %s (%s, %s) and its balance (%s, %s, side %s, floor %s, %s) differ', a.id, a.kind, a.currency, b.kind, b.currency,
          b.normal, coalesce(b.floor::text, 'none'), b.status) end as witness
    from ledger.account a full join ledger.balance b on b.account_id = a.id
    left join (values ('customer', 1, true), ('funding', -1, false), ('clearing', 1, false), ('bank', -1, false), ('fees', 1, true), ('suspense', 1, false))
      k(kind, normal, has_floor) on k.kind = a.kind
    where a.id is null or b.account_id is null or a.tenant_id <> b.tenant_id or a.kind <> b.kind or a.currency <> b.currency
      or k.kind is null or b.normal <> k.normal or (b.floor is not null) <> k.has_floor or (b.kind = 'fees' and b.floor <> 0)
      or (b.status <> 'open' and b.kind not in ('customer', 'funding'))
      or (b.status = 'closed' and (b.debit_posted <> b.credit_posted or b.debit_held <> 0 or b.credit_held <> 0))`,
};
