-- execute: nobody

-- The statement of an account that ends with this posting: the last numbered one or an interim
-- one, whichever was cut later. Null: something was posted since both.
create or replace function ledger.latest_statement_of(p_account uuid, p_seq bigint) returns uuid
language sql stable
return (
  select latest.id
  from (
    (
      select numbered.id, numbered.to_seq, numbered.created_at
      from ledger.statement numbered
      where numbered.account_id = p_account and numbered.number is not null
      order by numbered.number desc, numbered.edition desc
      limit 1
    )
    union all
    select interim.id, interim.to_seq, interim.created_at
    from ledger.statement interim
    where interim.account_id = p_account
      and interim.to_seq = p_seq
      and interim.kind = 'interim'
      and interim.replaces_id is null
  ) latest
  where latest.to_seq = p_seq
  order by latest.created_at desc
  limit 1
);
