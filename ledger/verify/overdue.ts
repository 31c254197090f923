import type { Check } from './run.ts';

/** How late a step may be before somebody should have noticed: three times the sweep's own grace. */
const graceMs = 60_000;

/**
 * Lateness, not soundness: the sweep's own question (ledger/transfers/late-transfers.sql), so that the two agree on what is late. A line
 * that moves is not.
 */
export const overdue: Check = {
  name: 'overdue',
  verdict: 'upkeep',
  promise:
    'No answer and no inquiry is more than a minute late, and no dispatcher leaves due transfers for three minutes.',
  counted: 'open transfers',
  smallestBy: 'time at which it was due, then transfer, among at most five hundred of each rail and state',
  examined: "select count(*) from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')",
  // Of each rail and state five hundred are counted.
  values: [graceMs, 500],
  breaches: `
    select t.next_at::text || t.id::text as id,
      format('transfer %s is %s since %s and should %s at %s (waiting for %s)', t.id, t.state, t.state_since, t.next_what, t.next_at, t.waiting_for) as witness
    from jsonb_to_recordset(ledger.late_transfers($1::int, $2::int)) late (transfer_id uuid)
    join ledger.transfer t on t.id = late.transfer_id`,
};
