import type { Plant } from './plant.ts';

/** Faults of entries, their legs, requests, causes and dates. */
export const entries: readonly Plant[] = [
  ['a leg has two debits', 'entries', "update ledger.posting set side = 'debit' where transfer_id = $book"],
  [
    'a leg is in two currencies',
    'entries',
    "update ledger.posting set currency = 'EUR' where transfer_id = $book and side = 'credit'",
  ],
  ['an entry has no legs', 'entries', 'delete from ledger.posting where transfer_id = $book'],
  ['postings have no entry', 'entries', 'delete from ledger.entry where transfer_id = $book'],
  [
    'an entry is forged, balanced and numbered, of no transfer and no key',
    'causes',
    `with b as (insert into ledger.batch (created_at, commands, entries) values (date_trunc('milliseconds', now()), 1, 1) returning id, created_at),
      e as (insert into ledger.entry (id, tenant_id, effective_at, batch_id, created_at) select gen_random_uuid(), $tenant, created_at, id, created_at from b returning *)
    insert into ledger.posting select account_id, seq + 1, gen_random_uuid(), e.tenant_id, e.id, null, 1, side, 'USD', 500, signed, posted + signed, e.created_at, e.created_at
    from e, (values ($ada, 'debit', -500), ($grace, 'credit', 500)) x(account_id, side, signed), lateral (
      select seq, normal * (credit_posted - debit_posted) as posted from ledger.balance where balance.account_id = x.account_id) y;
    update ledger.balance set seq = seq + 1, version = version + 1, debit_posted = debit_posted + 500 where account_id = $ada;
    update ledger.balance set seq = seq + 1, version = version + 1, credit_posted = credit_posted + 500 where account_id = $grace`,
  ],
  ['a key is lost of an entry', 'causes', 'delete from ledger.idempotency_key where entry_id = $postedEntry'],
  ['a key is lost of a refused entry', 'requests', 'delete from ledger.idempotency_key where entry_id = $refusedEntry'],
  [
    'a refused entry is posted after all',
    'requests',
    'update ledger.entry_request set refusal_code = null, refusal_leg = null where id = $refusedEntry',
  ],
  [
    'a posted entry is called refused',
    'requests',
    "update ledger.entry_request set refusal_code = 'x' where id = $postedEntry",
  ],
  [
    'a reversal is of another entry',
    'requests',
    'update ledger.entry set reverses_id = $postedEntry where id = $undoingEntry',
  ],
  [
    'an entry is a reversal of nothing',
    'requests',
    'update ledger.entry set reverses_id = $refusedEntry where id = $postedEntry',
  ],
  [
    'a reversal is over another amount',
    'requests',
    'update ledger.posting set amount = amount + 1, signed = sign(signed) * (amount + 1) where entry_id = $undoingEntry and leg = 1',
  ],
  [
    'a reversal turns one leg only',
    'requests',
    "update ledger.posting set side = case side when 'debit' then 'credit' else 'debit' end where entry_id = $undoingEntry and leg = 2",
  ],
  [
    'an entry moves to another month',
    'effective',
    "update ledger.entry set effective_at = '2024-01-01' where id = $undoneEntry",
  ],
  [
    'a posting moves to another month',
    'effective',
    "update ledger.posting set effective_at = '2024-01-01' where entry_id = $postedEntry and leg = 1",
  ],
  [
    'an entry of a transfer is dated back',
    'effective',
    "update ledger.entry set effective_at = '2024-01-01' where transfer_id = $book; update ledger.posting set effective_at = '2024-01-01' where transfer_id = $book",
  ],
  [
    'a month is closed over an entry that came later',
    'periods',
    "update ledger.period set month = '2024-03-01' where tenant_id = $tenant",
  ],
  [
    'closed months have a gap',
    'periods',
    "insert into ledger.period select tenant_id, '2023-10-01', closed_by, batch_id, closed_at from ledger.period where tenant_id = $tenant",
  ],
  [
    'a month was closed at another time',
    'periods',
    "update ledger.period set closed_at = closed_at - interval '1 hour' where tenant_id = $tenant",
  ],
];
