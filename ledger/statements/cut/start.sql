-- execute: nobody

-- Where the next statement of an account begins, and its number. Before the first: with its first
-- posting, or behind those that are on no statement (the plan's counts_from).
create type ledger.statement_start as (
  number int,
  from_at timestamptz,
  from_seq bigint,
  from_posted_at timestamptz,
  opening bigint
);

-- One row. A query that calls it beside an account's row takes its place (it is put inline), so
-- that a page of accounts is one query.
create or replace function ledger.statement_start_of(
  p_tenant uuid,
  p_account uuid,
  p_opened_at timestamptz,
  p_counts_from timestamptz
) returns setof ledger.statement_start
language sql stable as $$
  select
    coalesce(previous.number, 0) + 1,
    coalesce(previous.to_at, (
      select coalesce(
        max(month.from_at) filter (where month.from_at <= p_opened_at), min(month.from_at))
      from (
        select opened.from_at
        from ledger.statement_month opened
        where opened.tenant_id = p_tenant
        union all
        select plan.next_from_at
        from ledger.statement_plan plan
        where plan.tenant_id = p_tenant
      ) month
    )),
    coalesce(previous.to_seq, uncounted.seq, 0),
    coalesce(previous.to_posted_at, uncounted.created_at),
    coalesce(previous.closing, uncounted.balance_after, 0)
  from (values (p_account)) account (id)
  left join lateral (
    select
      earlier.number,
      earlier.to_at,
      earlier.to_seq,
      earlier.to_posted_at,
      earlier.closing
    from ledger.statement earlier
    where earlier.account_id = account.id and earlier.number is not null
    order by earlier.number desc, earlier.edition desc
    limit 1
  ) previous on true
  left join lateral (
    select before.seq, before.created_at, before.balance_after
    from (
      (
        select posting.seq, posting.created_at, posting.balance_after
        from ledger.posting
        where posting.account_id = account.id and posting.created_at < p_counts_from
        order by posting.created_at desc, posting.seq desc
        limit 1
      )
      union all
      -- The last one of the months that are detached.
      (
        select kept.seq, kept.posted_at, kept.balance_after
        from ledger.kept_balance kept
        where kept.account_id = account.id and kept.posted_at < p_counts_from
        order by kept.month desc
        limit 1
      )
    ) before
    where p_opened_at < p_counts_from and previous.number is null
    order by before.seq desc
    limit 1
  ) uncounted on true
$$;
