-- execute: nobody
-- needs: ledger/ids.sql

-- Endpoints that notices wait for, found by steps along the index, because one of them may have a
-- million. At most 500, from a place between the first and the last that is another at each call,
-- and behind the last from the first.
create or replace function ledger.endpoints_waiting() returns uuid[]
language plpgsql volatile as $$
declare
  v_endpoints_max constant int := 500;
  v_nobody constant uuid := uuid '00000000-0000-0000-0000-000000000000';
  v_first uuid := (
    select notice.endpoint_id from notice_due notice order by notice.endpoint_id limit 1
  );
  v_last uuid := (
    select notice.endpoint_id from notice_due notice order by notice.endpoint_id desc limit 1
  );
  v_start uuid;
  v_endpoint uuid;
  v_endpoints uuid[] := array[]::uuid[];
begin
  if v_first is null then
    return v_endpoints;
  end if;
  v_start := uuid_v7(
    uuid_time(v_first) + random() * (uuid_time(v_last) - uuid_time(v_first))
  );
  v_endpoint := v_start;
  while cardinality(v_endpoints) < v_endpoints_max loop
    v_endpoint := (
      select notice.endpoint_id
      from notice_due notice
      where notice.endpoint_id > v_endpoint
      order by notice.endpoint_id
      limit 1
    );
    exit when v_endpoint is null;
    v_endpoints := v_endpoints || v_endpoint;
  end loop;
  v_endpoint := v_nobody;
  while cardinality(v_endpoints) < v_endpoints_max loop
    v_endpoint := (
      select notice.endpoint_id
      from notice_due notice
      where notice.endpoint_id > v_endpoint and notice.endpoint_id <= v_start
      order by notice.endpoint_id
      limit 1
    );
    exit when v_endpoint is null;
    v_endpoints := v_endpoints || v_endpoint;
  end loop;
  return v_endpoints;
end $$;
