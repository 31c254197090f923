-- Locks: transfer, for one scan of it to check two constraints and to make an index. Before the
-- first release it is small.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid
-- A book transfer is undone by one other at most, which names it.
create unique index transfer_reversed_once on ledger.transfer (reverses_id)
  where reverses_id is not null and state = 'completed';
alter table ledger.transfer
  add constraint reversed_has_reversal
    check ((state = 'reversed') = (reversed_by_id is not null)),
  add constraint reversal_is_on_book check (reverses_id is null or rail = 'book');
