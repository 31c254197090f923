-- execute: quittance_worker

-- What one pass over the notices of an endpoint saw. After a pass that found it down it is paused:
-- for p_first_ms, and twice as long with each pause in a row, at most p_max_ms. It is paused for at
-- least p_asked_ms as well, when it asked for that. Anything delivered ends the failure. Returns
--   wait_ms     how long it is paused
--   failing_ms  for how long it has accepted nothing
-- Both are 0 for an endpoint that was deleted, was disabled, or started over during the pass.
create or replace function ledger.observe_endpoint(
  p_endpoint uuid,
  p_delivered int,
  p_is_down boolean,
  p_asked_ms bigint,
  p_first_ms bigint,
  p_max_ms bigint
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now timestamptz := clock_timestamp();
  v_pause_ms bigint;
  endpoint webhook_endpoint;
begin
  select * into endpoint
  from webhook_endpoint
  where id = p_endpoint and status = 'enabled' and not is_restarting
  for update;
  if not found then return jsonb_build_object('wait_ms', 0, 'failing_ms', 0); end if;
  v_pause_ms := greatest(
    case when p_is_down then least(p_first_ms * power(2, endpoint.pauses)::bigint, p_max_ms) end,
    p_asked_ms,
    0);
  update webhook_endpoint set
    -- One that lies ahead was written under a wrong clock: it would never end.
    failing_since = case when p_delivered = 0 then least(failing_since, v_now) end,
    pauses = case
      when p_is_down then least(pauses + 1, 30)
      when p_delivered > 0 then 0
      else pauses
    end,
    paused_until = case
      when v_pause_ms > 0 then v_now + make_interval(secs => v_pause_ms / 1000.0)
    end
  where id = p_endpoint
  returning * into endpoint;
  return jsonb_build_object(
    'wait_ms', v_pause_ms,
    'failing_ms',
      coalesce(ceil(extract(epoch from v_now - endpoint.failing_since) * 1000)::bigint, 0));
end $$;
