-- execute: quittance_worker

-- Records that a segment is in the store as a whole, with its place in the tree and the last slice
-- of each of its tenants. Members of p_segment: n, epoch, records, manifest_sha256, root (hex),
-- tree {size, hashes (hex)}, checkpoint, objects [{format, key, version_id, sha256, bytes}],
-- tenants [{tenant_id (null: the platform), sha256, records}].
-- Returns finished; again, when it is so already with the same manifest and root; conflict, when
-- with others, or when its epoch was ended meanwhile: then nothing is written.
create or replace function ledger.finish_archive_segment(p_segment jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_n constant bigint := (p_segment ->> 'n')::bigint;
  v_manifest constant bytea := decode(p_segment ->> 'manifest_sha256', 'hex');
  v_root constant bytea := decode(p_segment ->> 'root', 'hex');
  the_segment archive_segment;
begin
  select * into the_segment from archive_segment where n = v_n for no key update;
  if not found then raise exception 'segment % was not begun', v_n; end if;
  if the_segment.status = 'finished' then
    return to_jsonb(case
      when (the_segment.manifest_sha256, the_segment.root) = (v_manifest, v_root) then 'again'
      else 'conflict'
    end);
  end if;
  if the_segment.epoch <> (p_segment ->> 'epoch')::int then
    return '"conflict"'::jsonb;
  end if;
  update archive_segment set
    status = 'finished',
    finished_at = date_trunc('milliseconds', clock_timestamp()),
    records = (p_segment ->> 'records')::int,
    manifest_sha256 = v_manifest,
    tree_size = (p_segment #>> '{tree,size}')::bigint,
    tree_hashes = array(
      select decode(hash, 'hex')
      from jsonb_array_elements_text(p_segment #> '{tree,hashes}')
        with ordinality whole (hash, place)
      order by place),
    root = v_root,
    checkpoint = p_segment ->> 'checkpoint'
  where n = v_n;
  insert into archive_object (n, format, key, version_id, sha256, bytes)
  select v_n, object.format, object.key, object.version_id, decode(object.sha256, 'hex'),
    object.bytes
  from jsonb_to_recordset(p_segment -> 'objects') object (
    format text, key text, version_id text, sha256 text, bytes int);
  insert into archive_tenant (tenant_id, n, sha256, records)
  select
    coalesce(tenant.tenant_id, '00000000-0000-0000-0000-000000000000'),
    v_n,
    decode(tenant.sha256, 'hex'),
    tenant.records
  from jsonb_to_recordset(p_segment -> 'tenants') tenant (
    tenant_id uuid, sha256 text, records bigint)
  on conflict (tenant_id) do update
  set n = excluded.n, sha256 = excluded.sha256, records = archive_tenant.records + excluded.records;
  return '"finished"'::jsonb;
end $$;
