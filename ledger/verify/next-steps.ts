import type { Check } from './run.ts';

export const nextSteps: Check = {
  name: 'next-steps',
  promise: 'Every open transfer has a next step that is taken in its state, its time, and somebody that it waits for.',
  counted: 'open transfers',
  smallestBy: 'transfer',
  examined: "select count(*) from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')",
  breaches: `
    select t.id::text as id,
      format('transfer %s is %s since %s and should %s at %s (waiting for %s)', t.id, t.state, t.state_since, coalesce(t.next_what, 'do nothing'),
        coalesce(t.next_at::text, 'no time'), coalesce(t.waiting_for, 'nobody')) as witness
    from ledger.transfer t
    where t.state in ('scheduled', 'submitting', 'unknown')
      and (t.next_at is null or t.next_what is null or t.waiting_for is null
        -- Nobody would take it, and nobody would find it late.
        or (t.state = 'submitting' and t.next_what not in ('send', 'await_answer')) or (t.state = 'unknown' and t.next_what <> 'inquire'))`,
};
