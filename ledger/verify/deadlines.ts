import type { Check } from './run.ts';

/** A time that is further ahead than its longest wait was written under a wrong clock, or by hand: nothing would happen until then. */
export const deadlines: Check = {
  name: 'deadlines',
  promise:
    "No open transfer, lease or probe waits for a time further ahead than the rail's longest wait, a transfer with a date waits for that date, no notice or pause of an endpoint is longer than its longest, no hold is kept for more than thirty days, and no statement is put off for more than a day, nor its month opened later than its plan says.",
  counted:
    'open transfers, open sends, rails, notices that are due, enabled endpoints, open holds, statements to be made, their months and plans',
  smallestBy: 'transfer, endpoint, hold, statement, tenant or name of the rail',
  examined: `select (select count(*) from ledger.transfer where state in ('scheduled', 'submitting', 'unknown'))
    + (select count(*) from ledger.send where outcome is null) + (select count(*) from ledger.rail) + (select count(*) from ledger.notice_due)
    + (select count(*) from ledger.webhook_endpoint where status = 'enabled') + (select count(*) from ledger.client_hold where state = 'open')
    + (select count(*) from ledger.statement where status = 'cut') + (select count(*) from ledger.statement_month where status <> 'closed')
    + (select count(*) from ledger.statement_plan)`,
  breaches: `
    select t.id::text as id, format('transfer %s is %s and should %s at %s, which is further ahead than %s', t.id, t.state, t.next_what, t.next_at, longest.wait) as witness
    from ledger.transfer t
    join ledger.rail r on r.name = t.rail
    cross join lateral (
      select case when t.waiting_for = 'person' then interval '1 day' else greatest(
          case when t.next_what <> 'await_answer' then interval '5 minutes' end,
          (r.request_timeout_ms + r.lease_margin_ms + case when t.next_what = 'await_answer' then 0 else r.quiet_period_ms + 100 end) * interval '1 millisecond',
          case when t.next_what <> 'await_answer' then greatest(r.retry_ms, r.breaker_open_ms, (select max(w) from unnest(r.inquiry_waits_ms) w)) * interval '1 millisecond' end
        ) end as wait
    ) longest
    where t.state in ('scheduled', 'submitting', 'unknown') and t.next_what <> 'send_on_date'
      -- What waits in the queue is sent when its turn comes, whatever time it shows.
      and t.next_what not in ('send_in_turn', 'send_when_rail_recovers') and t.next_at > now() + longest.wait
    union all
    select t.id::text, format('transfer %s waits for its date %s until %s', t.id, t.execute_at, t.next_at)
    from ledger.transfer t where t.state = 'scheduled' and t.next_what = 'send_on_date' and t.next_at > t.execute_at
    union all
    select s.transfer_id::text, format('transfer %s: the lease of send %s is until %s', s.transfer_id, s.n, s.lease_until)
    from ledger.send s
    join ledger.attempt a on a.transfer_id = s.transfer_id and a.n = s.attempt_n
    join ledger.rail r on r.name = a.rail
    where s.outcome is null and coalesce(s.corrected_at + (s.lease_until - s.granted_at), s.lease_until)
      > now() + (r.request_timeout_ms + r.lease_margin_ms) * interval '1 millisecond'
    union all
    select r.name::text, format('the rail %s is probed at %s', r.name, r.probe_at) from ledger.rail r
    where r.probe_at > now() + greatest(interval '1 minute', r.breaker_open_ms * interval '1 millisecond')
    union all
    select n.endpoint_id::text, format('notice of event %s for endpoint %s is sent at %s', n.event_id, n.endpoint_id, n.next_at)
    from ledger.notice_due n where n.next_at > now() + interval '30 hours'
    union all
    select e.id::text, format('endpoint %s is paused until %s', e.id, e.paused_until)
    from ledger.webhook_endpoint e where e.status = 'enabled' and e.paused_until > now() + interval '70 minutes'
      -- Without a notice nothing waits for its end.
      and exists (select 1 from ledger.notice_due n where n.endpoint_id = e.id)
    union all
    select h.id::text, format('hold %s of %s expires at %s', h.id, h.created_at, h.expires_at) from ledger.client_hold h
    where h.state = 'open' and h.expires_at > now() + interval '30 days 5 minutes'
    union all
    select s.id::text, format('statement %s of account %s is made at %s', s.id, s.account_id, s.due_at) from ledger.statement s
    where s.status = 'cut' and s.due_at > now() + interval '25 hours'
    union all
    select m.tenant_id::text, format('the month %s of tenant %s was offered at %s', m.month, m.tenant_id, m.offered_at) from ledger.statement_month m
    where m.status <> 'closed' and m.offered_at > now() + interval '5 minutes'
    union all
    select l.tenant_id::text, format('the month %s of tenant %s is over at %s, and opened at %s', l.next_month, l.tenant_id, l.next_to_at, l.due_at) from ledger.statement_plan l
    where l.due_at > greatest(l.next_to_at + l.settle_ms * interval '1 millisecond', now() + interval '65 minutes')`,
};
