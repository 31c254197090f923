-- execute: nobody

-- What is kept of the next events of a month: the first of each transfer, from which a repeated
-- request is answered, and the number of the one that cancelled it. The status is transfers_open or
-- holds_open where one that began with these events has not ended.
create or replace function ledger.keep_events(
  the_month ledger.detached_month,
  p_rows int,
  p_horizon xid8
) returns ledger.detached_month
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_seen int;
  v_own xid8;
  v_older xid8;
  v_transfers int;
  v_holds int;
begin
  with page as materialized (
    select
      subject_id, version, created_at, subject_type, tenant_id, cause, to_state, evidence, xid
    from event
    where created_at >= the_month.from_at
      and created_at < the_month.to_at
      and (subject_id, version) > (
        coalesce(the_month.after_id, '00000000-0000-0000-0000-000000000000'),
        coalesce(the_month.after_seq, 0)::int)
    order by subject_id, version
    limit p_rows
  ), kept as (
    insert into kept_event (
      transfer_id, version, tenant_id, cause, to_state, evidence, balance_after)
    select
      page.subject_id,
      page.version,
      page.tenant_id,
      page.cause,
      page.to_state,
      case page.version when 1 then page.evidence end,
      paid_in.balance_after
    from page
    join transfer on transfer.id = page.subject_id
    left join account source on source.id = transfer.source_account_id
    left join lateral (
      select posting.balance_after
      from posting
      where posting.entry_id = transfer.entry_id
        and posting.created_at = page.created_at
        and posting.account_id = transfer.destination_account_id
        and page.version = 1
        and source.kind = 'funding'
      limit 1
    ) paid_in on true
    where page.subject_type = 'transfer' and (page.version = 1 or page.cause = 'cancelled')
    on conflict (transfer_id, version) do nothing
  )
  select
    count(*),
    max(page.xid) filter (where page.xid < p_horizon),
    max(page.xid) filter (where page.xid >= p_horizon),
    count(*) filter (where page.subject_type = 'transfer' and page.version = 1 and exists (
      select
      from transfer
      where transfer.id = page.subject_id
        and transfer.state in ('scheduled', 'submitting', 'unknown'))),
    count(*) filter (where page.subject_type = 'hold' and page.version = 1 and exists (
      select
      from client_hold
      where client_hold.id = page.subject_id and client_hold.state = 'open')),
    (select page.subject_id from page order by subject_id desc, version desc limit 1),
    (select page.version from page order by subject_id desc, version desc limit 1)
  into v_seen, v_own, v_older, v_transfers, v_holds, the_month.after_id, the_month.after_seq
  from page;
  if v_transfers > 0 or v_holds > 0 then
    the_month.status := case when v_transfers > 0 then 'transfers_open' else 'holds_open' end;
    return the_month;
  end if;
  the_month.events := the_month.events + v_seen;
  the_month.own_xid := greatest(the_month.own_xid, v_own);
  the_month.older_xid := greatest(the_month.older_xid, v_older);
  if v_seen < p_rows then
    the_month.step := 'statements';
    the_month.after_id := null;
    the_month.after_seq := null;
  end if;
  return the_month;
end $$;
