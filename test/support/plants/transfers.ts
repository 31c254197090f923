import type { Plant } from './plant.ts';

/** Faults of transfers: their states, stories, holds, entries and reversals. */
export const transfers: readonly Plant[] = [
  [
    'money is posted twice',
    'completed',
    `insert into ledger.posting select account_id, seq + 100, id, tenant_id, gen_random_uuid(), transfer_id, leg, side, currency, amount, signed,
    balance_after, effective_at, created_at from ledger.posting where transfer_id = $book`,
  ],
  [
    'a completed transfer points at another entry',
    'completed',
    'update ledger.transfer set entry_id = gen_random_uuid() where id = $book',
  ],
  [
    'a completed transfer was posted to somebody else',
    'completed',
    "update ledger.posting set account_id = $suspense where transfer_id = $book and side = 'credit'",
  ],
  [
    'a transfer is completed over another amount',
    'completed',
    'update ledger.transfer set amount = amount + 1 where id = $accepted',
  ],
  [
    'an unknown transfer has an entry',
    'completed',
    'update ledger.posting set transfer_id = $unknown where transfer_id = $book',
  ],
  [
    'the hold of an unknown transfer was released',
    'holds',
    "update ledger.hold set state = 'released', closed_at = now() where transfer_id = $unknown",
  ],
  [
    'a hold has no transfer',
    'holds',
    'update ledger.hold set transfer_id = gen_random_uuid() where transfer_id = $scheduled',
  ],
  ['a hold is over another amount', 'holds', 'update ledger.hold set amount = 99 where transfer_id = $submitting'],
  [
    'a state was set without an event',
    'states',
    "update ledger.transfer set state = 'rejected', refusal_code = 'rail_rejected' where id = $unknown",
  ],
  ['an event is lost', 'states', 'delete from ledger.event where subject_id = $accepted and version = 1'],
  [
    'an event takes a step outside the table',
    'states',
    "update ledger.event set cause = 'cancelled' where subject_id = $accepted and version = 2",
  ],
  ['a transfer has no story', 'states', 'delete from ledger.event where subject_id = $declined'],
  [
    'the table of the database has one row more',
    'states',
    "insert into ledger.transition values ('completed', 'cancelled', 'cancelled')",
  ],
  [
    'a contradiction has another entry',
    'completed',
    'update ledger.contradiction set entry_id = gen_random_uuid() where transfer_id = $contradicted',
  ],
  [
    'a transfer stands still',
    'overdue',
    "update ledger.transfer set next_at = now() - interval '61 seconds' where id = $unknown",
  ],
  [
    'a transfer waits for nothing',
    'next-steps',
    'alter table ledger.transfer drop constraint open_has_next; update ledger.transfer set next_at = null where id = $unknown',
  ],
  [
    'an event names another entry',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{entry_id}', to_jsonb(gen_random_uuid())) where subject_id = $book`,
  ],
  [
    'an event says another refusal',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{refusal,code}', '"account_closed"') where subject_id = $declined`,
  ],
  [
    'an event says another reference of the rail',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{rail_reference}', '"ref-9"') where subject_id = $accepted and cause = 'accepted'`,
  ],
  [
    'an event has the id of another',
    'evidence',
    'update ledger.event set id = (select id from ledger.event where subject_id = $book) where subject_id = $unknown and version = 1',
  ],
  [
    'an event has an id of another time',
    'evidence',
    'update ledger.event set id = gen_random_uuid() where subject_id = $unknown and version = 1',
  ],
  [
    'a refusal changes on the row',
    'evidence',
    "update ledger.transfer set refusal_code = 'account_closed' where id = $declined",
  ],
  [
    'a detail of a refusal changes on the row',
    'evidence',
    "update ledger.transfer set refusal_detail = 'AC99' where id = $rejected",
  ],
  [
    'a completion moves in time',
    'rows',
    "update ledger.transfer set completed_at = completed_at - interval '1 day' where id = $accepted",
  ],
  [
    'a state is older than its event',
    'rows',
    "update ledger.transfer set state_since = state_since - interval '1 day' where id = $unknown",
  ],
  [
    'a hold ended at another time',
    'rows',
    "update ledger.hold set closed_at = closed_at + interval '1 second' where transfer_id = $accepted",
  ],
  [
    'something is next on a final transfer',
    'rows',
    "update ledger.transfer set next_what = 'send', next_at = now() + interval '1 day', waiting_for = 'worker' where id = $accepted",
  ],
  ['a reversal undoes less', 'reversals', 'update ledger.transfer set amount = amount - 1 where id = $reversal'],
  [
    'a transfer is reversed by nothing',
    'reversals',
    'alter table ledger.transfer drop constraint reversed_has_reversal; update ledger.transfer set reversed_by_id = null where id = $reversed',
  ],
  [
    'a transfer is undone twice',
    'reversals',
    'drop index ledger.transfer_reversed_once; update ledger.transfer set reverses_id = $reversed where id = $book',
  ],
  [
    'a reversal is of nothing',
    'reversals',
    'update ledger.transfer set reverses_id = gen_random_uuid() where id = $declined',
  ],
  [
    'the story of a reversed transfer names another reversal',
    'reversals',
    `update ledger.event set evidence = evidence || jsonb_build_object('reversed_by_id', gen_random_uuid()) where subject_id = $reversed and cause = 'reversed'`,
  ],
  [
    'a contradiction has another date',
    'rows',
    "update ledger.attempt set contradicted_at = contradicted_at + interval '1 second' where transfer_id = $contradicted",
  ],
  [
    'the first event of an entry is lost',
    'states',
    'delete from ledger.event where subject_id = $undoneEntry and version = 1',
  ],
  [
    'an open transfer has two holds',
    'holds',
    'alter table ledger.hold drop constraint hold_pkey; insert into ledger.hold select * from ledger.hold where transfer_id = $unknown',
  ],
  [
    'a completed transfer has no entry at all',
    'completed',
    'alter table ledger.transfer drop constraint completed_has_entry; update ledger.transfer set entry_id = null where id = $book; delete from ledger.posting where transfer_id = $book',
  ],
  [
    'a rejected transfer has moved money',
    'no-effect',
    'update ledger.posting set transfer_id = $rejected where transfer_id = $book',
  ],
  [
    'the hold of a cancelled transfer is still active',
    'no-effect',
    "update ledger.hold set state = 'active', closed_at = null where transfer_id = $cancelled",
  ],
  [
    'an unknown transfer waits for a send, which nobody makes',
    'next-steps',
    "update ledger.transfer set next_what = 'send_again' where id = $unknown",
  ],
  [
    'a submitted transfer waits for its date',
    'next-steps',
    "update ledger.transfer set next_what = 'send_on_date' where id = $submitting",
  ],
  [
    'an answer is awaited no more, and nobody asks',
    'overdue',
    "update ledger.transfer set next_at = now() - interval '61 seconds', next_what = 'await_answer' where id = $submitting",
  ],
  [
    'a dispatcher leaves what is due',
    'overdue',
    "update ledger.transfer set next_at = now() - interval '1 day' where id = $scheduled; update ledger.rail set taken_at = now() - interval '1 hour'",
  ],
];
