-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Makes notices of an endpoint due again that were given up and not delivered since, at most
-- p_limit of them. Those that are due already are left. Answers {replayed, endpoint_status}: how
-- many became due. Null when there is no such endpoint.
create or replace function ledger.replay_given_up(p_endpoint uuid, p_limit int, p_actor text)
returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  endpoint webhook_endpoint;
  v_replayed int;
begin
  select * into endpoint from webhook_endpoint w where w.id = p_endpoint;
  if endpoint.id is null then return null; end if;
  insert into notice_due
      (endpoint_id, event_id, tenant_id, transfer_id, version, next_at, event_at)
    select p_endpoint, e.id, e.tenant_id, e.transfer_id, e.version, clock_timestamp(), e.created_at
    from (
      select distinct given_up.transfer_id, given_up.event_id
      from delivery given_up
      where given_up.endpoint_id = p_endpoint and given_up.outcome = 'given_up'
        and not exists (
          select 1 from delivery delivered
          where delivered.endpoint_id = p_endpoint and delivered.event_id = given_up.event_id
            and delivered.outcome = 'delivered')
        and not exists (
          select 1 from notice_due due
          where due.endpoint_id = p_endpoint and due.transfer_id = given_up.transfer_id
            and due.event_id = given_up.event_id)
      limit least(p_limit, 1000)) missed
    join event e on e.transfer_id = missed.transfer_id and e.id = missed.event_id
    on conflict do nothing;
  get diagnostics v_replayed = row_count;
  if v_replayed > 0 then
    perform write_audit(p_actor, endpoint.tenant_id, 'notice.replayed', p_endpoint::text,
      jsonb_build_object('given_up', v_replayed));
  end if;
  return jsonb_build_object('replayed', v_replayed, 'endpoint_status', endpoint.status);
end $$;
