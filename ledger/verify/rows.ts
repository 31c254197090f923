import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/** A transfer's row, its hold and its attempt are projections of its events: what the `states` check does not compare is compared here. */
export const rows: Check = {
  name: 'rows',
  promise:
    "A transfer's times, and those of its hold and attempt, are the times of its events; a final one has nothing next and one cause to look at.",
  counted: 'transfers',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.transfer',
  breaches: `
    with story as (
      select subject_id, min(created_at) as first_at, max(created_at) as last_at,
        min(created_at) filter (where to_state = 'completed' and cause <> 'contradicted') as completed_at,
        max(created_at) filter (where from_state is distinct from to_state) as entered_at,
        -- The first time: each later one has a row of its own.
        min(created_at) filter (where cause = 'contradicted') as contradicted_at
      from ledger.event where subject_type = 'transfer' group by subject_id
    ), facts as (
      select t.id, t.state, s.*, t.state not in ('scheduled', 'submitting', 'unknown') as is_final,
        t.created_at as row_created, t.updated_at as row_updated, t.state_since, t.completed_at as row_completed, t.next_what, t.next_at, t.waiting_for,
        t.carrier, t.attention_reason, t.attention_since, h.created_at as held_at, h.closed_at, a.created_at as attempted_at, a.contradicted_at as attempt_contradicted
      from ledger.transfer t join story s on s.subject_id = t.id
      left join ledger.hold h on h.transfer_id = t.id
      left join ledger.attempt a on a.transfer_id = t.id
    )
    select f.id::text as id, format('transfer %s (%s) was made at %s, changed at %s, is so since %s, completed at %s, next %s at %s; its events say %s, %s, %s, %s; hold %s to %s, attempt %s',
      f.id, f.state, f.row_created, f.row_updated, f.state_since, f.row_completed, coalesce(f.next_what, 'nothing'), f.next_at, f.first_at, f.last_at, f.entered_at,
      f.completed_at, f.held_at, f.closed_at, f.attempted_at) as witness
    from facts f
    where f.row_updated <> f.last_at or (f.row_created >= ${attachedFrom} and (f.row_created <> f.first_at or f.state_since <> f.entered_at
      or f.row_completed is distinct from f.completed_at
      or (f.is_final and num_nonnulls(f.next_what, f.next_at, f.waiting_for, f.carrier) > 0)
      or num_nonnulls(f.attention_reason, f.attention_since) = 1
      or f.held_at <> f.first_at or f.attempted_at <> f.first_at
      or (f.held_at is not null and f.closed_at is distinct from case when f.is_final then coalesce(f.completed_at, f.entered_at) end)
      or (f.attempted_at is not null and f.attempt_contradicted is distinct from f.contradicted_at)))`,
};
