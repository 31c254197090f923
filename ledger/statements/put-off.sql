-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/statements/take/rows.sql

-- Gives a statement back that could not be made now: it may be taken again in p_in_ms, a day at
-- most. From the fifth time on it has attention, and at once when p_is_hopeless says that no try
-- will change anything; it is taken all the same. Without the lease nothing is written. Returns
-- {tries, is_attention}, as the row has them.
create or replace function ledger.put_off_statement(
  p_id uuid,
  p_lease uuid,
  p_reason text,
  p_in_ms bigint,
  p_is_hopeless boolean
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  the_statement statement;
begin
  select * into the_statement from statement where id = p_id for no key update;
  if not found then raise exception 'there is no statement %', p_id; end if;
  if the_statement.lease = p_lease then
    the_statement := put_off(
      the_statement,
      left(p_reason, 200),
      milliseconds(greatest(least(p_in_ms, 86400000), 0)),
      p_is_hopeless);
  end if;
  return jsonb_build_object(
    'tries', the_statement.tries,
    'is_attention', the_statement.attention_reason is not null);
end $$;
