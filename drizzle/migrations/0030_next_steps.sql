-- Locks: transfer, for one scan of it to check two constraints. Before the first release it is
-- small.
-- squawk-ignore-file constraint-missing-not-valid
-- What comes next and why a person should look are words that clients branch on: those of
-- domain/next-step.ts and no others. A test compares them.
alter table ledger.transfer
  add constraint transfer_next_what_check check (next_what in (
    'send', 'await_answer', 'inquire', 'send_again', 'send_in_turn', 'send_on_date',
    'send_when_rail_recovers', 'send_when_bank_recovers', 'send_when_worker_serves_rail')),
  add constraint transfer_attention_reason_check check (attention_reason in (
    'unknown_too_long', 'not_taken_many_times', 'not_sent_many_times', 'contradicted'));
