-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/ids.sql, ledger/months/is-sealed.sql

-- Makes the notice of one delivery due again, whatever became of it, with all its tries before it.
-- Answers {replayed, endpoint_status}: replayed is false when the notice is due already. Null when
-- there is no such delivery, its endpoint is no more, or the month of its event is detached. A
-- delivery's id was made when it was written, by a worker's clock: that says which months of the
-- log to look into.
create or replace function ledger.replay_delivery(p_delivery uuid, p_actor text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := uuid_time(p_delivery);
  delivery delivery;
  endpoint webhook_endpoint;
  v_replayed boolean;
begin
  select * into delivery
  from delivery d
  where d.id = p_delivery
    and d.created_at between v_at - interval '1 day' and v_at + interval '1 day';
  select * into endpoint from webhook_endpoint w where w.id = delivery.endpoint_id;
  if endpoint.id is null or is_sealed(uuid_time(delivery.event_id)) then return null; end if;
  insert into notice_due
    (endpoint_id, event_id, tenant_id, subject_type, subject_id, version, next_at, event_at)
    select
      endpoint.id, e.id, e.tenant_id, e.subject_type, e.subject_id, e.version, clock_timestamp(),
      e.created_at
    from event e
    where e.subject_id = delivery.subject_id and e.id = delivery.event_id
    on conflict do nothing;
  v_replayed := found;
  if v_replayed then
    perform write_audit(p_actor, endpoint.tenant_id, 'notice.replayed', endpoint.id::text,
      jsonb_build_object('delivery_id', p_delivery, 'event_id', delivery.event_id));
  end if;
  return jsonb_build_object('replayed', v_replayed, 'endpoint_status', endpoint.status);
end $$;
