-- execute: nobody

-- The longest that a notice waits for its next try: a day, a fifth more by chance, and some room
-- (activities/notices/terms.ts). What is further ahead was written under a wrong clock.
create or replace function ledger.longest_notice_wait() returns interval
language sql immutable
return interval '30 hours';

-- The longest pause of an endpoint: what it may ask for itself, and some room.
create or replace function ledger.longest_pause() returns interval
language sql immutable
return interval '70 minutes';

-- Until when an endpoint is paused; null when it is not. A pause that is longer than its longest
-- was written under a wrong clock, and is over.
create or replace function ledger.pause_of(p_paused_until timestamptz, p_now timestamptz)
returns timestamptz
language sql immutable
return case
  when p_paused_until > p_now and p_paused_until <= p_now + ledger.longest_pause()
    then p_paused_until
end;

-- Makes notices of these endpoints due that wait for times which no clock can have meant, and ends
-- such pauses: at most 500 notices at a look, each found at the end of the index of its endpoint.
create or replace function ledger.correct_notices(p_endpoints uuid[], p_now timestamptz)
returns int
language plpgsql as $$
declare
  v_latest constant timestamptz := p_now + longest_notice_wait();
  v_count int;
begin
  update webhook_endpoint set paused_until = null
  where id = any (p_endpoints) and paused_until > p_now + longest_pause();
  update notice_due set next_at = p_now
  where ctid = any (array(
    select ahead.ctid
    from unnest(p_endpoints) waiting (endpoint_id)
    cross join lateral (
      select notice.ctid
      from notice_due notice
      where notice.endpoint_id = waiting.endpoint_id and notice.next_at > v_latest
      order by notice.endpoint_id, notice.next_at
      limit 500
    ) ahead
    limit 500
  )) and next_at > v_latest;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
