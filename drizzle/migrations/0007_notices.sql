-- Locks: none that matter, every object is new.
-- Notices to customers: where they go, what is due, read when due, settled one by one, in order per transfer.

create table ledger.webhook_endpoint (
  id uuid primary key,
  tenant_id uuid not null references ledger.tenant,
  url text not null check (length(url) <= 2048),
  description text check (length(description) <= 200),
  secret text not null,
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index webhook_endpoint_tenant on ledger.webhook_endpoint (tenant_id, created_at desc, id desc);

-- A notice that somebody must still be told: written in the commit of its event, one row per endpoint.
create table ledger.notice_due (
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  version int not null,
  tries int not null default 0,
  next_at timestamptz not null,
  event_at timestamptz not null,
  primary key (endpoint_id, transfer_id, version)
) with (fillfactor = 70);
create index notice_due_next on ledger.notice_due (next_at);
create index notice_due_endpoint on ledger.notice_due (endpoint_id, next_at);

-- What became of each try to deliver a notice.
create table ledger.delivery (
  id uuid primary key,
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  try int not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'given_up')),
  status int,
  error text check (length(error) <= 500),
  took_ms int not null,
  created_at timestamptz not null
);
create index delivery_list on ledger.delivery (endpoint_id, created_at desc, id desc);

-- Notices of an endpoint that are due: of each transfer only the oldest that is left, so that its story is told in order.
-- Returns {endpoint: {url, secret, status, tenant_id}, notices: [{event_id, transfer_id, version, tries, event_at}], wait_ms}: how long until the next is due, null when none is left.
create function ledger.due_notices(p_endpoint uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'endpoint', (select jsonb_build_object('url', w.url, 'secret', w.secret, 'status', w.status, 'tenant_id', w.tenant_id) from webhook_endpoint w where w.id = p_endpoint),
    'notices', coalesce((select jsonb_agg(jsonb_build_object('event_id', d.event_id, 'transfer_id', d.transfer_id, 'version', d.version, 'tries', d.tries,
        'event_at', rfc3339(d.event_at)) order by d.next_at)
      from (select x.* from notice_due x where x.endpoint_id = p_endpoint and x.next_at <= clock_timestamp()
        and not exists (select 1 from notice_due y where y.endpoint_id = x.endpoint_id and y.transfer_id = x.transfer_id and y.version < x.version)
        order by x.next_at limit least(p_limit, 500)) d), '[]'),
    'wait_ms', (select greatest(ceil(extract(epoch from x.next_at - clock_timestamp()) * 1000)::bigint, 0) from notice_due x where x.endpoint_id = p_endpoint
      -- A row behind an older one of its transfer waits for that one, however long ago it fell due.
      and not exists (select 1 from notice_due y where y.endpoint_id = x.endpoint_id and y.transfer_id = x.transfer_id and y.version < x.version)
      order by x.next_at limit 1))
$$;

-- What became of one try. `delivered` and `given_up` end the notice; `failed` makes it due again in p_next_in_ms. Twice is once:
-- only the try that the row waits for is written. Returns whether it was written.
create function ledger.settle_notice(p_id uuid, p_endpoint uuid, p_transfer uuid, p_version int, p_try int, p_outcome text, p_status int, p_error text, p_took_ms int, p_next_in_ms bigint)
returns boolean language plpgsql security definer set search_path = ledger, pg_temp as $$
declare d notice_due;
begin
  select * into d from notice_due where endpoint_id = p_endpoint and transfer_id = p_transfer and version = p_version for update;
  if d.endpoint_id is null or d.tries <> p_try - 1 then return false; end if;
  insert into delivery (id, endpoint_id, event_id, tenant_id, transfer_id, try, outcome, status, error, took_ms, created_at)
    values (p_id, p_endpoint, d.event_id, d.tenant_id, p_transfer, p_try, p_outcome, p_status, left(p_error, 500), p_took_ms, clock_timestamp());
  if p_outcome = 'failed' then
    -- Those behind it wait as long: an endpoint that is down for days keeps few rows that are due and may not be sent.
    update notice_due set tries = case version when p_version then p_try else tries end, next_at = clock_timestamp() + make_interval(secs => p_next_in_ms / 1000.0)
      where endpoint_id = p_endpoint and transfer_id = p_transfer and version >= p_version;
  else
    delete from notice_due where endpoint_id = p_endpoint and transfer_id = p_transfer and version = p_version;
    -- Its followers waited for it alone.
    update notice_due set next_at = clock_timestamp()
      where endpoint_id = p_endpoint and transfer_id = p_transfer and version > p_version and next_at > clock_timestamp();
  end if;
  return true;
end $$;

-- Endpoints with a notice overdue by more than the grace: their delivery must be woken. A disabled one keeps its rows, so that
-- enabling it again tells the rest; nobody is woken for it.
create function ledger.overdue_endpoints(p_grace_ms int, p_limit int) returns uuid[]
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(x.endpoint_id), '{}') from (
    select distinct d.endpoint_id from notice_due d join webhook_endpoint w on w.id = d.endpoint_id and w.status = 'enabled'
    where d.next_at < clock_timestamp() - make_interval(secs => p_grace_ms / 1000.0)
      and not exists (select 1 from notice_due y where y.endpoint_id = d.endpoint_id and y.transfer_id = d.transfer_id and y.version < d.version)
    limit least(p_limit, 500)) x
$$;

-- Notices of an endpoint that is no more, a bounded number at a time: a commit that read it just before it was deleted leaves some
-- behind. The endpoints are found by steps along the key, because a live one may have a million rows.
create function ledger.forget_orphans(p_limit int) returns void language sql volatile set search_path = ledger, pg_temp as $$
  with recursive told(id) as (
    (select d.endpoint_id from notice_due d order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from notice_due d where d.endpoint_id > told.id order by d.endpoint_id limit 1) from told where told.id is not null
  )
  delete from notice_due d where (d.endpoint_id, d.transfer_id, d.version) in (
    select x.endpoint_id, x.transfer_id, x.version from notice_due x
    where x.endpoint_id in (select told.id from told where told.id is not null and not exists (select 1 from webhook_endpoint w where w.id = told.id))
    limit least(p_limit, 10000))
$$;

-- Old rows of deliveries go after so many days, a bounded number at a time. Returns how many went. Notices of endpoints
-- that are no more go with them.
create function ledger.forget_deliveries(p_days int, p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v_n int;
begin
  if p_days < 7 then raise exception 'deliveries are kept at least 7 days'; end if;
  delete from delivery where id in (select id from delivery where created_at < now() - make_interval(days => p_days) limit least(p_limit, 10000));
  get diagnostics v_n = row_count;
  perform forget_orphans(p_limit);
  return v_n;
end $$;
