import type { Plant } from './plant.ts';

/** Faults of what accounts have and hold: postings against balances, totals, floors and versions. */
export const balances: readonly Plant[] = [
  ['a posting is lost', 'trial-balance', "delete from ledger.posting where transfer_id = $book and side = 'debit'"],
  [
    'a posting is one cent more',
    'balances',
    "update ledger.posting set amount = amount + 1, signed = signed + 1 where transfer_id = $book and side = 'credit'",
  ],
  [
    'a balance is raised by hand',
    'balances',
    'update ledger.balance set credit_posted = credit_posted + 100 where account_id = $grace',
  ],
  ['a balance vanishes', 'accounts', 'delete from ledger.balance where account_id = $grace'],
  ['an account changes its currency', 'accounts', "update ledger.account set currency = 'EUR' where id = $grace"],
  [
    'a customer account loses its floor',
    'accounts',
    'update ledger.balance set floor = null where account_id = $grace',
  ],
  ['a hold is forgotten in the counter', 'held', 'update ledger.balance set debit_held = 0 where account_id = $ada'],
  [
    'a hold is counted twice',
    'held',
    'update ledger.balance set credit_held = credit_held + 100 where account_id = $clearing',
  ],
  [
    'a number is skipped',
    'sequences',
    `update ledger.posting set seq = seq + 1 where account_id = $ada and seq = (select max(seq) from ledger.posting where account_id = $ada)`,
  ],
  [
    'a balance after is wrong',
    'sequences',
    'update ledger.posting set balance_after = balance_after + 1 where account_id = $ada and seq = 1',
  ],
  [
    'a posting has the sign of the other side',
    'sequences',
    "update ledger.posting set signed = -signed where transfer_id = $book and side = 'credit'",
  ],
  ['the counter of postings is behind', 'sequences', 'update ledger.balance set seq = seq - 1 where account_id = $ada'],
  [
    'an account is overdrawn for a moment',
    'overdrawn',
    'update ledger.posting set balance_after = -1 where account_id = $ada and seq = 2',
  ],
  [
    'more was held than was there',
    'overdrawn',
    'update ledger.hold set amount = 1000000 where transfer_id = $rejected',
  ],
  ['a floor is lowered by hand', 'limits', 'update ledger.balance set floor = -1000000 where account_id = $ada'],
  ['an account is frozen by hand', 'limits', "update ledger.balance set status = 'frozen' where account_id = $ada"],
  [
    'the version of a balance is set back',
    'limits',
    'update ledger.balance set version = version - 1 where account_id = $ada',
  ],
  ['an account was never opened', 'limits', 'delete from ledger.audit where subject = $ada::text'],
  [
    'a total is raised by hand',
    'totals',
    'update ledger.posted_total set debits = debits + 1 where tenant_id = $tenant',
  ],
  ['a total vanishes', 'totals', "delete from ledger.posted_total where kind = 'customer'"],
  ['a total strays to another tenant', 'totals', 'update ledger.posted_total set tenant_id = gen_random_uuid()'],
  [
    'an account is overdrawn after an entry of several legs',
    'overdrawn',
    'update ledger.posting set balance_after = -1 where entry_id = $postedEntry and account_id = $ada and leg = 2',
  ],
  [
    'the account of fees is overdrawn',
    'overdrawn',
    "update ledger.posting set balance_after = -1 where seq = 1 and account_id = (select account_id from ledger.balance where tenant_id = $tenant and kind = 'fees' and seq > 0)",
  ],
  [
    'the balances of a currency do not add up to nothing',
    'trial-balance',
    'update ledger.balance set credit_posted = credit_posted + 100 where account_id = $grace',
  ],
  [
    'more is held to be taken than to be given',
    'trial-balance',
    'update ledger.balance set debit_held = debit_held + 100 where account_id = $ada',
  ],
];
