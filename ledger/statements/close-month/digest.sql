-- execute: nobody

-- A statement of the run of a month, with when its account was opened.
create type ledger.run_statement as (
  opened_at timestamptz,
  account_id uuid,
  number int,
  status text,
  currency text,
  closing bigint,
  to_seq bigint,
  to_posted_at timestamptz,
  document_sha256 bytea
);

-- Those of the next page of accounts, in the order of the cut.
create or replace function ledger.statement_page(p_month ledger.statement_month, p_limit int)
returns setof ledger.run_statement
language sql stable set search_path = ledger, pg_temp as $$
  select
    page.created_at, page.id, made.number, made.status, made.currency, made.closing, made.to_seq,
    made.to_posted_at, made.document_sha256
  from (
    select account.id, account.created_at
    from account
    where account.tenant_id = p_month.tenant_id
      and account.created_at < p_month.to_at
      and (account.created_at, account.id) > (
        coalesce(
          (select opened.created_at from account opened where opened.id = p_month.closing_after),
          '-infinity'),
        coalesce(p_month.closing_after, '00000000-0000-0000-0000-000000000000'))
      and account.kind in ('customer', 'funding')
    order by account.created_at, account.id
    limit p_limit
  ) page
  join statement made
    on made.account_id = page.id
    and made.month = p_month.month
    and made.kind = 'monthly'
    and made.replaces_id is null
$$;

-- The digest of a month with the statements of its next page of accounts. Raises when one of them
-- is not ready, or where in a currency they do not come to what the postings left on which they
-- end.
create or replace function ledger.digest_with_page(
  p_month ledger.statement_month,
  p_limit int
) returns bytea
language plpgsql as $$
declare
  v_digest bytea := coalesce(p_month.digest, sha256(''));
  v_currency text;
  found_one record;
begin
  for found_one in
    select made.account_id, made.number, made.document_sha256, made.status
    from statement_page(p_month, p_limit) made
    order by made.opened_at, made.account_id
  loop
    if found_one.status <> 'ready' then
      raise exception 'statement % of account % is not ready',
        found_one.number, found_one.account_id;
    end if;
    v_digest := sha256(v_digest || uuid_send(found_one.account_id)
      || int4send(found_one.number) || found_one.document_sha256);
  end loop;
  select made.currency into v_currency
  from statement_page(p_month, p_limit) made
  left join posting last_one
    on last_one.account_id = made.account_id
    and last_one.created_at = made.to_posted_at
    and last_one.seq = made.to_seq
  -- Or it is the last one of the months that are detached.
  left join kept_balance kept
    on kept.account_id = made.account_id
    and kept.posted_at = made.to_posted_at
    and kept.seq = made.to_seq
  group by made.currency
  having sum(made.closing)
    <> coalesce(sum(coalesce(last_one.balance_after, kept.balance_after)), 0)
  limit 1;
  if v_currency is not null then
    raise exception 'the statements of % in % do not come to the postings', p_month.month,
      v_currency;
  end if;
  return v_digest;
end $$;
