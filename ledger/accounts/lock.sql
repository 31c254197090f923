-- execute: nobody

-- An account as its lock found it. `available`: what may leave it, its floor apart. `debit_room`, `credit_room`: how much more its
-- counters may take.
create type ledger.seat as (account_id uuid, tenant_id uuid, kind text, currency text, status text, normal smallint, floor bigint,
  available bigint, debit_room bigint, credit_room bigint, last_at timestamptz);

-- Locks accounts, in the one order in which everybody does, and reads them as locked. Nulls among the ids are nobody.
create or replace function ledger.lock_accounts(p_ids uuid[]) returns ledger.seat[] language sql volatile set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(row(b.account_id, b.tenant_id, b.kind, b.currency, b.status, b.normal, b.floor,
      case b.normal when 1 then b.credit_posted - b.debit_posted - b.debit_pending else b.debit_posted - b.credit_posted - b.credit_pending end,
      4611686018427387904 - b.debit_posted - b.debit_pending, 4611686018427387904 - b.credit_posted - b.credit_pending, b.last_at)::seat), '{}')
    from (select x.* from balance x where x.account_id = any(p_ids) order by x.account_id for no key update) b
$$;
