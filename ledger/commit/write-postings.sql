-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/ids.sql

create or replace function ledger.write_entries(
  p_legs ledger.leg_command[],
  p_at timestamptz,
  p_batch bigint
) returns void
language plpgsql as $$
begin
  insert into entry (id, tenant_id, transfer_id, effective_at, batch_id, created_at)
  select distinct leg.entry_id, leg.tenant_id, leg.transfer_id, p_at, p_batch, p_at
  from unnest(p_legs) leg
  where leg.entry_id is not null;
end $$;

-- The balance after each posting and its sequence number come from a window over the account's
-- legs, in their order. `p_effective`: the effective time by entry, where it is not p_at.
create or replace function ledger.write_postings(
  p_legs ledger.leg_command[],
  p_at timestamptz,
  p_effective jsonb
) returns void
language plpgsql as $$
begin
  insert into posting (
    account_id, seq, id, tenant_id, entry_id, transfer_id, leg, side, currency, amount,
    signed, balance_after, effective_at, created_at
  )
  select
    part.account_id,
    balance.seq + row_number() over in_order,
    uuid_v7(p_at),
    balance.tenant_id,
    part.entry_id,
    part.transfer_id,
    part.leg,
    part.side,
    balance.currency,
    part.amount,
    part.sign * balance.normal * part.amount,
    balance.normal * (balance.credit_posted - balance.debit_posted)
      + sum(part.sign * balance.normal * part.amount) over in_order,
    coalesce((p_effective ->> part.entry_id::text)::timestamptz, p_at),
    p_at
  from (
    select leg.*, side.side, side.sign, side.account_id
    from unnest(p_legs) with ordinality leg
    cross join lateral (
      values ('debit', -1, leg.debit_account_id), ('credit', 1, leg.credit_account_id)
    ) side (side, sign, account_id)
    where leg.entry_id is not null
  ) part
  join balance on balance.account_id = part.account_id
  window in_order as (
    partition by part.account_id order by part.ordinality rows unbounded preceding
  );
end $$;
