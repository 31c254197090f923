import { kept } from './attached.ts';
import type { Check } from './run.ts';

/**
 * What an account may do was decided by requests that stand in the audit. A version counts every change: a hold and its end, a
 * posting that closes no hold, a change of status (docs/adr/0008).
 */
export const limits: Check = {
  name: 'limits',
  promise:
    "An account's floor and status are those that its audit says, and its version counts every change there was.",
  counted: 'balances',
  smallestBy: 'account',
  examined: 'select count(*) from ledger.balance',
  breaches: `
    with allowed as (
      select distinct on (subject) subject, (detail #>> '{after,overdraft_limit}')::bigint as overdraft_limit from ledger.audit
      where action = 'account.opened' or (action = 'account.changed' and detail #>> '{after,overdraft_limit}' is not null)
      order by subject, id desc
    ), opened as (
      select subject from ledger.audit where action = 'account.opened'
    ), status as (
      select subject, detail #>> '{after,status}' as status, lag(detail #>> '{after,status}', 1, 'open') over w as before, lead(id) over w is null as is_last
      from ledger.audit where action = 'account.changed' and detail #>> '{after,status}' is not null
      window w as (partition by subject order by id)
    ), last_status as (
      select subject, status from status where is_last
    ), change as (
      select account_id, 1 + (closed_at is not null)::int as n from ledger.hold
      union all
      select counter_account_id, 1 + (closed_at is not null)::int from ledger.hold
      union all
      -- A client's hold: that it was made, and that what was left was given back. Each capture has its posting.
      select a.account_id, 1 + (c.state <> 'open' and c.captured_amount < c.amount)::int
      from ledger.client_hold c cross join lateral (values (c.source_account_id), (c.destination_account_id)) a (account_id)
      union all
      select p.account_id, 1 from ledger.posting p
      where not exists (
        select 1 from ledger.hold h join ledger.transfer t on t.id = h.transfer_id
        where h.transfer_id = p.transfer_id and h.state = 'captured' and t.entry_id = p.entry_id)
      union all
      select account_id, changes from ${kept} k
      union all
      select subject::uuid, 1 from status where status <> before
      union all
      select subject::uuid, 1 from ledger.audit where action = 'account.changed' and detail #>> '{after,overdraft_limit}' is not null
    ), counted as (
      select account_id, sum(n) as version from change group by account_id
    )
    select b.account_id::text as id, format('account %s (%s) has the floor %s, the status %s and the version %s; it may go to %s below zero, last set %s, changed %s times',
      b.account_id, b.kind, coalesce(b.floor::text, 'none'), b.status, b.version, coalesce(f.overdraft_limit::text, 'no overdraft'), coalesce(l.status, 'never'),
      coalesce(c.version, 0)) as witness
    from ledger.balance b
    left join opened o on o.subject = b.account_id::text
    left join allowed f on f.subject = b.account_id::text
    left join last_status l on l.subject = b.account_id::text
    left join counted c on c.account_id = b.account_id
    where (b.kind in ('customer', 'funding') and o.subject is null)
      or (b.kind = 'customer' and b.floor is distinct from -coalesce(f.overdraft_limit, 0))
      or b.status <> coalesce(l.status, 'open')
      or b.version <> coalesce(c.version, 0)`,
};
