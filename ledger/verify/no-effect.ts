import type { Check } from './run.ts';

/**
 * Derived by account, unlike what `completed` and `holds` derive by transfer. Money that a rail took after all is a debt from suspense:
 * its entries are those that contradictions name, and `completed` looks at them.
 */
export const noEffect: Check = {
  name: 'no-effect',
  promise:
    'A transfer that was declined, rejected, failed or cancelled changed no account by its postings, and holds nothing.',
  counted: 'declined, rejected, failed and cancelled transfers',
  smallestBy: 'transfer, then account',
  examined: "select count(*) from ledger.transfer where state in ('declined', 'rejected', 'failed', 'cancelled')",
  breaches: `
    with ended as (
      select id, state from ledger.transfer where state in ('declined', 'rejected', 'failed', 'cancelled')
    ), moved as (
      select t.id, t.state, p.account_id, sum(case p.side when 'credit' then p.amount else -p.amount end) as net
      from ended t join ledger.posting p on p.transfer_id = t.id
      where not exists (select 1 from ledger.contradiction c where c.transfer_id = p.transfer_id and c.entry_id = p.entry_id)
      group by t.id, t.state, p.account_id
    )
    select id::text || account_id::text as id, format('transfer %s is %s and changed account %s by %s', id, state, account_id, net) as witness
    from moved where net <> 0
    union all
    select t.id::text, format('transfer %s is %s and still holds %s of account %s', t.id, t.state, h.amount, h.account_id)
    from ended t join ledger.hold h on h.transfer_id = t.id where h.state = 'active'`,
};
