-- execute: nobody

-- Adds to the tally of a month, in the first stripe that nobody else has locked, or in a new one:
-- those who make the statements of a month never wait for each other here.
create or replace function ledger.tally_statements(
  p_statement ledger.statement,
  p_ready int,
  p_attention int
) returns void
language plpgsql as $$
begin
  -- Only the first edition of a monthly one belongs to the run of its month.
  if p_statement.kind <> 'monthly' or p_statement.replaces_id is not null then return; end if;
  update statement_tally tally set
    ready = tally.ready + p_ready,
    attention = tally.attention + p_attention
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
    insert into statement_tally (tenant_id, month, ready, attention)
    values (p_statement.tenant_id, p_statement.month, p_ready, p_attention);
  end if;
end $$;
