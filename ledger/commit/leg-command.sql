-- execute: nobody

-- What is to be done with one leg, the only way in which money moves. `op`:
--   post     it moves now
--   hold     it is set aside
--   capture  what was set aside moves
--   release  what was set aside is given back
-- Those with an entry write postings, the others change only what is held.
create type ledger.leg_command as (
  transfer_id uuid,
  tenant_id uuid,
  entry_id uuid,
  leg smallint,
  op text,
  debit_account_id uuid,
  credit_account_id uuid,
  amount bigint
);
