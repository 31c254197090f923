import type { Check } from './run.ts';

/** How late a step may be before somebody should have noticed: three times the sweep's own grace. */
const graceMs = 60_000;

export const overdue: Check = {
  name: 'overdue',
  promise: 'No open transfer is more than a minute late for its next step, those that wait for a rail apart.',
  examined: "select count(*) from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')",
  values: [graceMs],
  breaches: `
    select coalesce(t.next_at, '-infinity')::text || t.id::text as id,
      format('transfer %s is %s since %s and should %s at %s (waiting for %s)', t.id, t.state, t.state_since, coalesce(t.next_what, 'do nothing'), t.next_at,
        coalesce(t.waiting_for, 'nobody')) as witness
    from ledger.transfer t join ledger.rail r on r.name = t.rail
    where t.state in ('scheduled', 'submitting', 'unknown')
      and (t.next_at is null or t.next_what is null or t.waiting_for is null
        or (t.next_at < now() - $1::int * interval '1 millisecond'
          and not (t.state = 'scheduled' and (r.breaker = 'open' or r.paused_by is not null or t.waiting_for = 'bank'))))`,
};
