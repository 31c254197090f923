-- Locks: the two indexes are made under a lock that stops the writers of balances, for as long as
-- the table takes to be read (before the first release it is small).
-- squawk-ignore-file require-concurrent-index-creation
-- Accounts by kind, newest first, and the first funding account of a currency that is not closed.
create index balance_kind on ledger.balance (tenant_id, kind, created_at desc, account_id desc);
create index balance_funding on ledger.balance (tenant_id, currency, created_at, account_id)
  where kind = 'funding' and status <> 'closed';
