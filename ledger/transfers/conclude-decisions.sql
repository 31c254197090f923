-- execute: nobody

-- What anybody learnt about an attempt: a sender's outcome, an inquiry's finding, a wish to put off.
--   source: reply, inquiry, report, carrier, watch. send_n: the send it speaks for; null: it speaks for the rail key.
--   outcome: accepted, rejected, not_taken, not_sent, unknown, absent, put_off
--   next_in_ms: until the next inquiry, or the next send; retry_ms: until the next send, where the two differ
create type ledger.report as (transfer_id uuid, source text, outcome text, send_n int, decisive boolean, code text, rail_reference text, carrier uuid,
  asked_at timestamptz, next_in_ms bigint, retry_ms bigint, quiet_ms bigint, deduplicates_ms bigint, lease_ms bigint, give_up_ms bigint);

-- What the book knows of an attempt's sends. `unresolved`: nobody has said, and it may still be taken. `live`: somebody may still send.
create type ledger.doubt as (sends int, unresolved int, live boolean, oldest timestamptz, last_grant timestamptz, last_lease timestamptz);

create or replace function ledger.doubt_about(p_transfer uuid, p_now timestamptz) returns ledger.doubt language sql stable set search_path = ledger, pg_temp as $$
  select row(coalesce(max(x.n), 0), count(*) filter (where x.outcome is null or x.outcome = 'unknown'),
      coalesce(bool_or(x.outcome is null and x.lease_until > p_now), false),
      min(x.granted_at) filter (where x.outcome is null or x.outcome = 'unknown'), max(x.granted_at), max(x.lease_until))::doubt
    from send x where x.transfer_id = p_transfer and x.attempt_n = 1
$$;

-- A step through the state table, or nulls: the report changes no state.
create type ledger.verdict as (cause text, to_state text);

-- "Not there" proves something only if nothing is in doubt, or if it was asked late enough, nothing was granted since, and the rail
-- would know a repeat for as long as the next send takes.
create or replace function ledger.proves_absence(r ledger.report, x ledger.doubt, p_now timestamptz) returns boolean language sql immutable
  return x.unresolved = 0 or coalesce(r.asked_at > x.last_lease + make_interval(secs => r.quiet_ms / 1000.0) and r.asked_at > x.last_grant
    and p_now + make_interval(secs => r.lease_ms / 1000.0) < x.oldest + make_interval(secs => r.deduplicates_ms / 1000.0), false);

-- What a report makes of a transfer, by its outcome. Proof is never refused: accepted and rejected count in every state.
create or replace function ledger.verdict_on(r ledger.report, t ledger.transfer, a ledger.attempt, x ledger.doubt, p_now timestamptz) returns ledger.verdict
language sql immutable
  return case r.outcome
    when 'accepted' then case
      when t.state in ('scheduled', 'submitting', 'unknown') then row('accepted', 'completed')::ledger.verdict
      -- The rail took what we had given back. The customer is not touched: the platform carries it until a person decides.
      when t.state in ('rejected', 'failed', 'cancelled') and a.contradicted_at is null then row('contradicted', t.state)::ledger.verdict
    end
    when 'rejected' then case
      when t.state in ('scheduled', 'submitting', 'unknown') and (r.decisive or x.unresolved = 0) then row('rejected', 'rejected')::ledger.verdict
      when t.state in ('scheduled', 'submitting') then row('rejected', 'unknown')::ledger.verdict
      when t.state in ('completed', 'reversed') and a.contradicted_at is null then row('contradicted', t.state)::ledger.verdict
    end
    when 'not_taken' then case
      when t.state in ('submitting', 'unknown') and x.unresolved = 0 then row('not_taken', 'scheduled')::ledger.verdict
      when t.state = 'submitting' then row('not_taken', 'unknown')::ledger.verdict
    end
    when 'unknown' then case
      when t.state = 'submitting' and not x.live and r.send_n is not null then row('no_answer', 'unknown')::ledger.verdict
    end
    when 'absent' then case
      when t.state = 'unknown' and ledger.proves_absence(r, x, p_now) then row('absent', 'scheduled')::ledger.verdict
    end
    else case -- put_off, not_sent
      -- Only the group that carries the transfer puts it off, or anybody once it is overdue and no lease lives.
      when t.state = 'submitting' and not x.live and (t.carrier = r.carrier or r.carrier is null and t.next_at < p_now) then
        case when x.unresolved = 0 then row('put_off', 'scheduled')::ledger.verdict else row('no_answer', 'unknown')::ledger.verdict end
      -- A sender that slept past its lease says that it never sent: nothing is in doubt any more.
      when t.state = 'unknown' and r.outcome = 'not_sent' and x.unresolved = 0 then row('not_taken', 'scheduled')::ledger.verdict
    end
  end;

-- What happens next to a transfer in p_to after a report, who is waited for, and whether a person should look; null: nothing changes.
create type ledger.prospect as (what text, next_at timestamptz, waiting_for text, attention text);

create or replace function ledger.prospect_of(p_to text, r ledger.report, t ledger.transfer, x ledger.doubt, q ledger.rail, p_now timestamptz) returns ledger.prospect
language plpgsql stable set search_path = ledger, pg_temp as $$
declare
  v prospect;
  v_pause interval := make_interval(secs => coalesce(case p_to when 'scheduled' then r.retry_ms end, r.next_in_ms, 1000) / 1000.0);
  -- A round is a send or, where nobody sends, two events: due and put off.
  v_rounds int := greatest(x.sends, t.version / 2);
begin
  v.attention := t.attention_reason;
  if p_to = 'unknown' then
    v.what := 'inquire'; v.waiting_for := 'answer'; v.next_at := p_now + v_pause;
    -- "Not there" came too early to prove anything: as soon as it would, it is asked again.
    if r.outcome = 'absent' and x.last_lease + make_interval(secs => r.quiet_ms / 1000.0) > r.asked_at then
      v.next_at := least(v.next_at, greatest(x.last_lease + make_interval(secs => (r.quiet_ms + 100) / 1000.0), p_now));
    end if;
    -- Counted from the first send that is in doubt, because each new send begins the state anew.
    if t.state = 'unknown' and p_now > least(t.state_since, coalesce(x.oldest, t.state_since)) + make_interval(secs => r.give_up_ms / 1000.0) then
      v.attention := coalesce(v.attention, 'unknown_too_long');
    end if;
  elsif p_to = 'scheduled' then
    v.what := 'send_again'; v.waiting_for := 'rail';
    -- The pause doubles with every round, to five minutes: a bank that never takes one transfer, or a rail that nobody works for,
    -- must not be tried for ever at full speed. What was found absent once need not wait.
    v.next_at := case when r.outcome = 'absent' and x.sends < 2 then p_now
      else p_now + greatest(v_pause, least(v_pause * 2 ^ least(greatest(v_rounds - 1, 0), 20), interval '5 minutes')) end;
    v.attention := coalesce(v.attention, case when x.sends >= 20 then 'not_taken_many_times' when x.sends = 0 and v_rounds >= 10 then 'not_sent_many_times' end);
    if q.breaker = 'open' or q.held_by is not null then
      v.what := 'send_when_rail_opens'; v.next_at := greatest(coalesce(q.probe_at, p_now), v.next_at);
    end if;
    -- No send is left to it: a person decides. It is looked at daily, and takes nobody's turn as a probe.
    if x.sends >= 1000 then v.what := 'send_again'; v.waiting_for := 'person'; v.next_at := p_now + interval '1 day'; end if;
  elsif v.attention in ('unknown_too_long', 'not_taken_many_times', 'not_sent_many_times') then
    -- It came to an end, so nobody need look any more.
    v.attention := null;
  end if;
  return v;
end $$;
