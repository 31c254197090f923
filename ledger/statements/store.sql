-- execute: quittance_worker
-- needs: ledger/commit/new-event.sql, ledger/commit/write-subject-events.sql
-- needs: ledger/statements/tally.sql

-- Makes a statement ready: its objects, its event and the notices of that are one commit. Members
-- of an object in p_objects: format, part, key, version_id, sha256 (hex), bytes, mode,
-- retain_until.
-- Returns {status, endpoints}:
--   stored      now
--   again       it is ready, with the same document and objects of the same bytes
--   conflict    it is ready with others; nothing is written
--   lost_lease  it was taken again or given back; nothing is written
-- A late answer of the one who has the lease counts also when its time is over.
create or replace function ledger.store_statement(
  p_id uuid,
  p_lease uuid,
  p_document_sha256 text,
  p_renderer text,
  p_objects jsonb
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_document constant bytea := decode(p_document_sha256, 'hex');
  the_statement statement;
begin
  select * into the_statement from statement where id = p_id for no key update;
  if not found then raise exception 'there is no statement %', p_id; end if;
  if the_statement.status = 'ready' then
    return jsonb_build_object('endpoints', '[]'::jsonb, 'status', case
      when the_statement.document_sha256 = v_document and not exists (
        select format, part, decode(sha256, 'hex')
        from jsonb_to_recordset(p_objects) given (format text, part int, sha256 text)
        except
        select format, part, sha256 from statement_object where statement_id = p_id
      ) then 'again'
      else 'conflict'
    end);
  end if;
  if the_statement.lease is distinct from p_lease then
    return '{"status": "lost_lease", "endpoints": []}'::jsonb;
  end if;
  insert into statement_object (
    statement_id, format, part, tenant_id, key, version_id, sha256, bytes, mode, retain_until,
    created_at
  )
  select
    p_id, object.format, object.part, the_statement.tenant_id, object.key, object.version_id,
    decode(object.sha256, 'hex'), object.bytes, object.mode, object.retain_until, v_at
  from jsonb_to_recordset(p_objects) object (
    format text, part int, key text, version_id text, sha256 text, bytes int, mode text,
    retain_until timestamptz
  );
  update statement set
    status = 'ready',
    document_sha256 = v_document,
    renderer = p_renderer,
    lease = null,
    attention_reason = null,
    ready_at = v_at
  where id = p_id;
  perform tally_statements(
    the_statement, 1, case when the_statement.attention_reason is null then 0 else -1 end);
  return jsonb_build_object('status', 'stored', 'endpoints', to_jsonb(write_one_event(
    row(
      the_statement.tenant_id,
      'statement',
      p_id,
      1,
      null,
      'ready',
      'ready',
      jsonb_strip_nulls(jsonb_build_object(
        'account_id', the_statement.account_id,
        'kind', the_statement.kind,
        'number', the_statement.number,
        'edition', the_statement.edition,
        'month', the_statement.month,
        'document_sha256', p_document_sha256))
    )::new_event,
    v_at)));
end $$;
