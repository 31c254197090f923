import type { Plant } from './plant.ts';

const account = (change: string) => `update ledger.kept_balance set ${change} where account_id = $ada`;
const transfer = (change: string) => `update ledger.kept_event set ${change} where transfer_id = $book and version = 1`;
const month = (change: string) => `update ledger.detached_month set ${change}`;

const faults: readonly (readonly [name: string, check: string, sql: string])[] = [
  [
    'what is kept of an account is raised by hand',
    'balances',
    account('debit_posted = debit_posted + 1, credit_posted = credit_posted + 1'),
  ],
  ['what is kept of an account says another balance', 'sequences', account('balance_after = balance_after + 1')],
  ['what is kept of an account does not tie', 'kept', account('balance_after = balance_after + 1')],
  ['what is kept of an account contradicts its first attached posting', 'sequences', account('seq = seq - 1')],
  ['what is kept of an account has a posting more than the months', 'kept', account('seq = seq + 1')],
  ['what is kept of an account is lost', 'sequences', 'delete from ledger.kept_balance where account_id = $ada'],
  [
    'what is kept of an account on which nothing was posted since is lost',
    'sequences',
    'delete from ledger.kept_balance where account_id = $quiet',
  ],
  [
    'what is kept of an account is of another time',
    'kept',
    account("posted_at = posted_at + interval '1 millisecond'"),
  ],
  ['what is kept of an account is of another month', 'kept', account("posted_at = posted_at + interval '40 days'")],
  ['what is kept of an account is in another currency', 'kept', account("currency = 'EUR'")],
  ['what is kept of an account is of another tenant', 'kept', account('tenant_id = gen_random_uuid()')],
  [
    'what is kept of an account is on the other side',
    'kept',
    account('normal = -normal, balance_after = -balance_after'),
  ],
  ['what is kept of an account counts a change less', 'limits', account('changes = changes - 1')],
  ['what is kept of one side of a month is lost', 'trial-balance', account('debit_posted = debit_posted + 7')],
  [
    'the statements of what is kept are lost',
    'kept',
    "update ledger.statement set status = 'cut' where account_id = $ada",
  ],
  ['the first event of a transfer is not kept', 'kept', 'delete from ledger.kept_event where transfer_id = $book'],
  ['the first event of a transfer is kept with another entry', 'kept', transfer(`evidence = '{"source": "request"}'`)],
  ['the first event of a transfer is kept with another state', 'kept', transfer("to_state = 'declined'")],
  ['the first event of a transfer is kept of another tenant', 'kept', transfer('tenant_id = gen_random_uuid()')],
  [
    'the first event of a declined transfer is kept with another refusal',
    'kept',
    `update ledger.kept_event set evidence = jsonb_set(evidence, '{refusal,code}', '"account_frozen"') where transfer_id = $declined`,
  ],
  ['what the ledger booked at once is kept as reserved', 'holds', transfer("cause = 'reserved'")],
  [
    'a cancellation is not kept',
    'kept',
    'delete from ledger.kept_event where transfer_id = $cancelled and version > 1',
  ],
  [
    'an event is kept of a transfer that is not there',
    'kept',
    `insert into ledger.kept_event (transfer_id, version, tenant_id, cause, to_state, evidence) values (gen_random_uuid(), 1, $tenant, 'book_posted', 'completed', '{}')`,
  ],
  [
    'the legs are lost of an entry that was reversed in its month',
    'kept',
    'delete from ledger.kept_entry where id = $undone',
  ],
  [
    'the legs are lost of an entry that was reversed since',
    'requests',
    'delete from ledger.kept_entry where id = $undoneLater',
  ],
  [
    'an entry that was reversed since is kept with other legs',
    'requests',
    `update ledger.kept_entry set legs = jsonb_set(legs, '{0,amount}', '11') where id = $undoneLater`,
  ],
  [
    'an entry is kept that nobody asked for',
    'kept',
    "insert into ledger.kept_entry (id, tenant_id, effective_at, legs) values (gen_random_uuid(), $tenant, now(), '[{}]')",
  ],
  ['an entry is kept of another tenant', 'kept', 'update ledger.kept_entry set tenant_id = gen_random_uuid()'],
  ['a detached month has an entry less', 'kept', month('entries = entries - 1')],
  ['a detached month has a posting more', 'kept', month('postings = postings + 1')],
  ['a month is called attached that is not', 'kept', month("status = 'attached', detached_at = null")],
  ['a detached month is another', 'kept', month("from_at = from_at - interval '1 day'")],
];

/** Faults of what a detached month left behind, in a book whose first month is detached and whose accounts went on, but `quiet`. */
export const kept: readonly Plant[] = faults;
