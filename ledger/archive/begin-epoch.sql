-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Begins another epoch of the archive: after the database was restored to an earlier time, the
-- store has segments that it does not know, and no segment could be put in their places. A segment
-- that is begun becomes the first of the new epoch. p_abandoned {from_n, to_n, checkpoint}: what
-- the store has of the epoch that ends, null where that is nothing. Where the transactions of this
-- database count from the beginning again, it begins with the horizon of now. Returns {epoch}.
create or replace function ledger.begin_archive_epoch(
  p_abandoned jsonb,
  p_reason text,
  p_actor text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_horizon constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  the_epoch archive_epoch;
  v_last constant xid8 := (
    select to_xid from archive_segment where status = 'finished' order by n desc limit 1);
begin
  select * into the_epoch from archive_epoch order by epoch desc limit 1 for no key update;
  insert into archive_epoch (epoch, from_xid, abandoned, reason, actor, created_at)
  values (
    the_epoch.epoch + 1,
    case when v_last > v_horizon then v_horizon end,
    p_abandoned,
    p_reason,
    p_actor,
    clock_timestamp());
  update archive_segment set
    epoch = the_epoch.epoch + 1,
    from_xid = least(from_xid, v_horizon),
    to_xid = least(to_xid, v_horizon)
  where status = 'begun';
  perform write_audit(
    p_actor, null, 'archive.epoch_begun', (the_epoch.epoch + 1)::text,
    jsonb_build_object('reason', p_reason));
  return jsonb_build_object('epoch', the_epoch.epoch + 1);
end $$;
