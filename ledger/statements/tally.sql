-- execute: nobody

-- Adds to the tally of a month, in the first stripe that nobody else has locked, or in a new one:
-- those who make the statements of a month never wait for each other here. Each stripe also knows
-- how many became ready in its last minute and in the one before.
create or replace function ledger.tally_statements(
  p_statement ledger.statement,
  p_ready int,
  p_attention int
) returns void
language plpgsql as $$
declare
  v_minute constant timestamptz := date_trunc('minute', clock_timestamp());
begin
  -- Only the first edition of a monthly one belongs to the run of its month.
  if p_statement.kind <> 'monthly' or p_statement.replaces_id is not null then return; end if;
  update statement_tally tally set
    ready = tally.ready + p_ready,
    attention = tally.attention + p_attention,
    minute = v_minute,
    in_minute = case tally.minute when v_minute then tally.in_minute else 0 end + p_ready,
    in_minute_before = case tally.minute
      when v_minute then tally.in_minute_before
      when v_minute - interval '1 minute' then tally.in_minute
      else 0
    end
  where tally.tenant_id = p_statement.tenant_id
    and tally.month = p_statement.month
    and tally.stripe = (
      select free.stripe
      from statement_tally free
      where free.tenant_id = p_statement.tenant_id and free.month = p_statement.month
      order by free.stripe
      limit 1
      for no key update skip locked
    );
  if not found then
    insert into statement_tally (tenant_id, month, ready, attention, minute, in_minute)
    values (
      p_statement.tenant_id, p_statement.month, p_ready, p_attention, v_minute, p_ready);
  end if;
end $$;
