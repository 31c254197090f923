-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/ids.sql, ledger/statements/tally.sql

-- Cuts the next edition of a statement: the same number and figures, with the names, the brand and
-- the locale of now. One that is ready stays, and the new one replaces it. One that could not be
-- made, and has attention for it, becomes the next edition itself: its objects get other keys.
-- Answers {result, id}: ok, also again while that edition is not ready; not_found; not_ready;
-- replaced (by an edition that is ready); archived (its postings are in a month that is detached,
-- or is being detached).
create or replace function ledger.reissue_statement(p_id uuid, p_actor text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  old statement;
  following statement;
  plan statement_plan;
begin
  select * into old from statement where id = p_id for no key update;
  if not found then return '{"result": "not_found"}'::jsonb; end if;
  select * into following from statement where replaces_id = p_id;
  if found then
    return case following.status
      when 'cut' then jsonb_build_object('result', 'ok', 'id', following.id)
      else '{"result": "replaced"}'::jsonb
    end;
  end if;
  if old.status = 'cut' and old.attention_reason is null then
    return '{"result": "not_ready"}'::jsonb;
  end if;
  if old.to_seq > old.from_seq and exists (
    select
    from kept_balance kept
    join detached_month on detached_month.month = kept.month
    where kept.account_id = old.account_id
      and kept.seq > old.from_seq
      and detached_month.status <> 'attached')
  then
    return '{"result": "archived"}'::jsonb;
  end if;
  select * into plan from statement_plan where tenant_id = old.tenant_id;
  following := old;
  following.edition := old.edition + 1;
  following.locale := plan.locale;
  following.brand := plan.brand;
  following.keep_years := plan.keep_years;
  select name, reference into following.account_name, following.account_reference
  from account
  where account.id = old.account_id;
  following.due_at := v_at;
  if old.status = 'cut' then
    update statement set
      edition = following.edition,
      locale = following.locale,
      brand = following.brand,
      keep_years = following.keep_years,
      account_name = following.account_name,
      account_reference = following.account_reference,
      due_at = v_at,
      lease = null,
      tries = 0,
      attention_reason = null
    where id = p_id;
    perform tally_statements(old, 0, -1);
  else
    following.id := uuid_v7(v_at);
    following.replaces_id := old.id;
    following.status := 'cut';
    following.tries := 0;
    following.document_sha256 := null;
    following.renderer := null;
    following.ready_at := null;
    following.created_at := v_at;
    following.cut_snapshot := pg_current_snapshot();
    insert into statement select following.*;
  end if;
  perform write_audit(
    p_actor, old.tenant_id, 'statement.reissued', old.id::text,
    jsonb_build_object('edition', following.edition));
  return jsonb_build_object('result', 'ok', 'id', following.id);
end $$;
