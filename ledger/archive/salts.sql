-- execute: quittance_worker

-- The salts of what commitments are about: p_subjects are accounts, tenants or the zero id, each of
-- the tenant in the same place of p_tenants. One that is not there is made. Returns [{subject_id,
-- salt (hex)}].
create or replace function ledger.archive_salts(
  p_subjects uuid[],
  p_tenants uuid[]
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  -- Two random UUIDs have 244 random bits.
  insert into archive_salt (subject_id, tenant_id, salt, created_at)
  select distinct on (given.subject_id)
    given.subject_id,
    given.tenant_id,
    sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    clock_timestamp()
  from unnest(p_subjects, p_tenants) given (subject_id, tenant_id)
  where not exists (select from archive_salt there where there.subject_id = given.subject_id)
  order by given.subject_id
  on conflict do nothing;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'subject_id', salt.subject_id, 'salt', encode(salt.salt, 'hex'))), '[]')
    from archive_salt salt
    where salt.subject_id = any(p_subjects));
end $$;
