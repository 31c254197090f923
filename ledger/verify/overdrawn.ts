import type { Check } from './run.ts';

/**
 * Walks each limited account through time: money posted, holds placed and holds closed. Steps of one instant are one
 * step, because a capture closes a hold and posts it in the same commit.
 */
export const overdrawn: Check = {
  name: 'overdrawn',
  promise: 'No account with a floor was below it at any step, what is held counted as spent.',
  examined: 'select count(*) from ledger.balance where floor is not null',
  breaches: `
    with change as (
      select account_id, created_at as at, signed as amount from ledger.posting
      union all
      select account_id, created_at, -amount from ledger.hold
      union all
      select account_id, closed_at, amount from ledger.hold where closed_at is not null
    ), step as (
      select c.account_id, c.at, b.floor, sum(sum(c.amount)) over (partition by c.account_id order by c.at) as available
      from change c join ledger.balance b on b.account_id = c.account_id
      where b.floor is not null and b.normal = 1
      group by c.account_id, c.at, b.floor
    )
    select account_id::text || at::text as id, format('account %s had %s available at %s, its floor is %s', account_id, available, at, floor) as witness
    from step where available < floor
    union all
    select p.account_id::text || lpad(p.seq::text, 20, '0'), format('account %s stood at %s after posting %s, its floor is %s', p.account_id, p.balance_after, p.seq, b.floor)
    from ledger.posting p join ledger.balance b on b.account_id = p.account_id
    where b.floor is not null and p.balance_after < b.floor`,
};
