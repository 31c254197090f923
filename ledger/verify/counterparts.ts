import type { Check } from './run.ts';
import { afterRestore } from './truth.ts';

export const counterparts: Check = {
  name: 'counterparts',
  promise:
    "What goes to a network is held against, and posted to, its tenant's clearing account of that rail and currency.",
  counted: 'attempts',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.attempt',
  breaches: `
    select a.transfer_id::text as id, format('transfer %s over %s: its attempt clears through %s (%s, %s, %s), its hold is against %s', t.id, t.rail,
      a.clearing_account_id, coalesce(c.kind, 'no account'), coalesce(c.rail, 'no rail'), c.currency, coalesce(h.counter_account_id::text, 'nothing')) as witness
    from ledger.attempt a
    join ledger.transfer t on t.id = a.transfer_id
    left join ledger.account c on c.id = a.clearing_account_id
    left join ledger.hold h on h.transfer_id = a.transfer_id
    where c.id is null or c.kind <> 'clearing' or c.rail <> t.rail or c.currency <> t.currency or c.tenant_id <> t.tenant_id
      or h.counter_account_id is distinct from a.clearing_account_id`,
};

export const sent: Check = {
  name: 'sent',
  promise:
    'A rail decides only what was sent to it; what was sent before a restore, and forgotten in it, an operator took from the bank.',
  counted: 'transfers that a network decided',
  smallestBy: 'transfer',
  examined:
    "select count(*) from ledger.transfer where rail <> 'book' and state in ('completed', 'reversed', 'rejected')",
  breaches: `
    select t.id::text as id, format('transfer %s was %s by its rail and was never sent', t.id, t.state) as witness from ledger.transfer t
    where t.rail <> 'book' and t.state in ('completed', 'reversed', 'rejected') and not exists (select 1 from ledger.send s where s.transfer_id = t.id)
      and not exists (select 1 from ledger.attempt a where a.transfer_id = t.id and a.code = '${afterRestore}')`,
};
