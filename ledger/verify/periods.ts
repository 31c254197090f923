import type { Check } from './run.ts';

export const periods: Check = {
  name: 'periods',
  promise: 'No entry is dated into a period after the period was closed, and closed periods have no gap.',
  counted: 'closed months',
  smallestBy: 'entry or tenant',
  examined: 'select count(*) from ledger.period',
  breaches: `
    select e.id::text as id, format('entry %s of batch %s is dated %s, before the end of the period %s, which batch %s closed', e.id, e.batch_id,
      e.effective_at, to_char(closed.month, 'YYYY-MM'), closed.batch_id) as witness
    from ledger.entry e
    join lateral (
      select p.month, p.batch_id from ledger.period p
      where p.tenant_id = e.tenant_id and (p.month + interval '1 month') at time zone 'UTC' > e.effective_at order by p.month limit 1
    ) closed on e.batch_id > closed.batch_id
    union all
    select p.tenant_id::text, format('tenant %s closed %s, not the month before, and earlier ones', p.tenant_id, to_char(p.month, 'YYYY-MM'))
    from (select tenant_id, month, lag(month) over (partition by tenant_id order by month) as before from ledger.period) p
    where p.before <> p.month - interval '1 month'
    union all
    select p.tenant_id::text, format('period %s of tenant %s has no batch of its time, %s', to_char(p.month, 'YYYY-MM'), p.tenant_id, p.closed_at)
    from ledger.period p left join ledger.batch b on b.id = p.batch_id
    where b.created_at is distinct from p.closed_at`,
};
