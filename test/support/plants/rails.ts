import type { Plant } from './plant.ts';

/** Faults of what goes to a network: attempts, sends and contradictions. */
export const rails: readonly Plant[] = [
  [
    'a rail key was made again',
    'attempts',
    'update ledger.attempt set rail_key = reverse(rail_key) where transfer_id = $unknown',
  ],
  ['an attempt is lost', 'attempts', 'delete from ledger.attempt where transfer_id = $scheduled'],
  [
    'an attempt says accepted, its transfer is unknown',
    'attempts',
    "update ledger.attempt set outcome = 'accepted' where transfer_id = $unknown",
  ],
  [
    'two leases overlap',
    'sends',
    `insert into ledger.send select transfer_id, attempt_n, n + 1, tenant_id, gen_random_uuid(), granted_at + interval '1 millisecond', lease_until, null, null, null
    from ledger.send where transfer_id = $accepted; update ledger.send set answered_at = lease_until where transfer_id = $accepted and n = 1`,
  ],
  ['a send is lost', 'sends', 'update ledger.send set n = 2 where transfer_id = $accepted'],
  [
    'the send of a completed transfer is open',
    'sends',
    'update ledger.send set outcome = null, answered_at = null where transfer_id = $accepted',
  ],
  [
    'a bank accepted one attempt under two references',
    'contradictions',
    "update ledger.send set rail_reference = 'another' where transfer_id = $accepted",
  ],
  [
    'one reference is on two attempts',
    'attempts',
    "update ledger.attempt set rail_reference = 'RF18' where transfer_id in ($unknown, $contradicted)",
  ],
  ['a contradiction vanishes', 'contradictions', 'delete from ledger.contradiction where transfer_id = $contradicted'],
  [
    'an event of a contradiction is of another reference',
    'contradictions',
    `update ledger.event set evidence = evidence || '{"rail_reference": "another"}' where subject_id = $contradicted and cause = 'contradicted'`,
  ],
  [
    'a hold is against another customer, and so are the counters',
    'counterparts',
    `update ledger.hold set counter_account_id = $grace where transfer_id = $unknown;
    update ledger.balance set credit_held = credit_held - 100, version = version - 1 where account_id = $clearing;
    update ledger.balance set credit_held = credit_held + 100, version = version + 1 where account_id = $grace`,
  ],
  [
    'a transfer to a bank was credited to a customer, and its attempt says so',
    'counterparts',
    `update ledger.attempt set clearing_account_id = $grace where transfer_id = $accepted;
    update ledger.hold set counter_account_id = $grace where transfer_id = $accepted;
    update ledger.posting set account_id = $grace where transfer_id = $accepted and account_id = $clearing`,
  ],
  [
    'all sends of a transfer that its rail took are gone',
    'sent',
    `update ledger.event set evidence = (evidence || '{"source": "inquiry"}'::jsonb) - 'send'::text where subject_id = $accepted; delete from ledger.send where transfer_id = $accepted`,
  ],
  [
    'a contradiction is forgotten on the attempt',
    'contradictions',
    'update ledger.attempt set contradicted_at = null where transfer_id = $contradicted',
  ],
];
