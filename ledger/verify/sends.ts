import type { Check } from './run.ts';

export const sends: Check = {
  name: 'sends',
  promise:
    'No two senders ever had a lease for one attempt at once; what a reply decided is on its send; nothing was given back while a send was in doubt.',
  counted: 'sends',
  smallestBy: 'transfer, then number of the send',
  examined: 'select count(*) from ledger.send',
  breaches: `
    -- A grant whose time lay ahead counts from when that was seen.
    with corrected as (
      select s.*, least(granted_at, corrected_at) as since, coalesce(corrected_at + (lease_until - granted_at), lease_until) as until from ledger.send s
    ), numbered as (
      select s.*, lag(n, 1, 0::smallint) over w as n_before, lag(since) over w as granted_before
      from corrected s window w as (partition by transfer_id, attempt_n order by n)
    )
    select transfer_id::text || lpad(n::text, 5, '0') as id,
      format('transfer %s: send %s was granted at %s, after send %s of %s', transfer_id, n, granted_at, n_before, granted_before) as witness
    from numbered where n <> n_before + 1 or since < granted_before or lease_until <= granted_at or (outcome is null) <> (answered_at is null)
    union all
    select b.transfer_id::text || lpad(b.n::text, 5, '0'),
      format('transfer %s: send %s was granted at %s while send %s had its lease until %s', b.transfer_id, b.n, b.granted_at, a.n, a.until)
    from corrected a join corrected b on b.transfer_id = a.transfer_id and b.attempt_n = a.attempt_n and b.n > a.n
    where b.since < a.until and (a.answered_at is null or a.answered_at > b.since)
    union all
    select s.transfer_id::text, format('transfer %s: send %s has no attempt', s.transfer_id, s.n) from ledger.send s
    where not exists (select 1 from ledger.attempt a where a.transfer_id = s.transfer_id and a.n = s.attempt_n)
    union all
    -- The reply that ended a transfer is written on the send that it names (or an earlier decisive word of that sender is).
    select t.id::text, format('transfer %s was %s by the reply to send %s, whose outcome is %s', t.id, t.state, e.evidence ->> 'send', coalesce(s.outcome, 'open'))
    from ledger.transfer t
    join ledger.event e on e.subject_id = t.id and e.to_state = t.state and e.cause in ('accepted', 'rejected') and e.evidence ->> 'source' = 'reply'
    left join ledger.send s on s.transfer_id = t.id and s.attempt_n = 1 and s.n = (e.evidence ->> 'send')::int
    where t.state in ('completed', 'rejected') and coalesce(s.outcome, 'unknown') = 'unknown'
    union all
    -- Impossible and cancelled need proof that nothing is in flight.
    select t.id::text, format('transfer %s is %s and its send %s is %s', t.id, t.state, s.n, coalesce(s.outcome, 'open'))
    from ledger.transfer t join ledger.send s on s.transfer_id = t.id
    where t.state in ('failed', 'cancelled', 'declined') and (s.outcome is null or s.outcome = 'unknown')`,
};
