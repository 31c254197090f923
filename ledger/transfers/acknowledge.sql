-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- A person has seen why a transfer has attention: it stays marked, and is no longer an alarm until
-- it gets attention again. Returns the reason; null where there is no such transfer, or none has.
create or replace function ledger.acknowledge_attention(
  p_transfer uuid,
  p_actor text,
  p_why text
) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_tenant uuid;
  v_reason text;
begin
  update transfer set attention_acknowledged_at = clock_timestamp()
  where id = p_transfer and attention_reason is not null
  returning tenant_id, attention_reason into v_tenant, v_reason;
  if v_reason is not null then
    perform write_audit(
      p_actor,
      v_tenant,
      'transfer.attention_acknowledged',
      p_transfer::text,
      jsonb_build_object('reason', v_reason, 'why', p_why)
    );
  end if;
  return v_reason;
end $$;
