import { attachedFrom, kept } from './attached.ts';
import type { Check } from './run.ts';

/**
 * Walks each limited account through time: money posted, holds placed and holds closed. Steps of one instant are one
 * step, because a capture closes a hold and posts it in the same commit.
 */
export const overdrawn: Check = {
  name: 'overdrawn',
  promise: 'No account with a floor was below it at any step, what is held counted as spent.',
  counted: 'balances with a floor',
  smallestBy: 'account, then number of the posting or time of the step',
  examined: 'select count(*) from ledger.balance where floor is not null',
  breaches: `
    with floor as (
      -- The audit says since when a limit held, by a clock that no commit waits for: five seconds either way both hold.
      select subject::uuid as account_id, -coalesce((detail #>> '{after,overdraft_limit}')::bigint, 0) as floor,
        case action when 'account.opened' then '-infinity' else created_at - interval '5 seconds' end as from_at,
        lead(created_at + interval '5 seconds', 1, 'infinity') over (partition by subject order by id) as until_at
      from ledger.audit
      where action = 'account.opened' or (action = 'account.changed' and detail #>> '{after,overdraft_limit}' is not null)
      union all
      -- Nobody asked for the platform's own accounts, so the audit does not know them. Those of fees have a floor, which is zero.
      select account_id, 0, '-infinity', 'infinity' from ledger.balance where kind = 'fees'
    ), change as (
      select account_id, created_at as at, signed as amount from ledger.posting
      union all
      select account_id, posted_at, balance_after from ${kept} k
      union all
      select account_id, created_at, -amount from ledger.hold
      union all
      select account_id, closed_at, amount from ledger.hold where closed_at is not null
      union all
      select source_account_id, created_at, -amount from ledger.client_hold
      union all
      select c.source_account_id, r.created_at, r.amount from ledger.client_hold c
      join ledger.hold_request r on r.hold_id = c.id and r.entry_id is not null
      union all
      select source_account_id, closed_at, amount - captured_amount from ledger.client_hold where closed_at is not null
    ), step as (
      select c.account_id, c.at, sum(sum(c.amount)) over (partition by c.account_id order by c.at) as available
      from change c join ledger.balance b on b.account_id = c.account_id
      where b.floor is not null and b.normal = 1
      group by c.account_id, c.at
    )
    select s.account_id::text || s.at::text as id, format('account %s had %s available at %s, its floor was %s', s.account_id, s.available, s.at, min(f.floor)) as witness
    from step s join floor f on f.account_id = s.account_id and s.at between f.from_at and f.until_at
    where s.at >= ${attachedFrom}
    group by s.account_id, s.at, s.available having s.available < min(f.floor)
    union all
    select p.account_id::text || lpad(p.seq::text, 20, '0'), format('account %s stood at %s after posting %s, its floor was %s', p.account_id, p.balance_after, p.seq, min(f.floor))
    from (select *, lead(entry_id) over (partition by account_id order by seq) as entry_after from ledger.posting) p
    join ledger.balance b on b.account_id = p.account_id
    join floor f on f.account_id = p.account_id and p.created_at between f.from_at and f.until_at
    -- A floor holds for all legs of an entry together.
    where b.floor is not null and p.entry_after is distinct from p.entry_id
    group by p.account_id, p.seq, p.balance_after having p.balance_after < min(f.floor)`,
};
