import type { AccountStatus } from './account.ts';
import type { RefusalCode } from './refusals.ts';

/**
 * What becomes of an operation on an account. `unreachable`: while the operation is pending the account does not get that
 * status, because the change is refused with this code; the operation then goes as it would without the change.
 */
export type Verdict = 'allowed' | { refused: RefusalCode } | { unreachable: RefusalCode };

/** The part that an account has: it is debited, it is credited, or it is itself what is changed or read. */
export type AccountPart = 'debit' | 'credit' | 'itself';

/** A row of the table. `kinds`: of the accounts that a client opens; on another kind the operation is refused whatever its status. */
export type AccountOperation = {
  topic: 'begins' | 'goes on' | 'change' | 'read';
  parts: readonly AccountPart[];
  kinds: readonly ('customer' | 'funding')[];
  verdicts: Record<AccountStatus, Verdict>;
};

const always = { open: 'allowed', frozen: 'allowed', closed: 'allowed' } as const;
const either = { parts: ['debit', 'credit'], kinds: ['customer', 'funding'] } as const;
const itself = { parts: ['itself'], kinds: ['customer', 'funding'] } as const;
const toBank = { parts: ['debit'], kinds: ['customer'] } as const;

const begins = {
  topic: 'begins',
  verdicts: { open: 'allowed', frozen: { refused: 'account_frozen' }, closed: { refused: 'account_closed' } },
} as const;
const goesOn = {
  topic: 'goes on',
  verdicts: { open: 'allowed', frozen: 'allowed', closed: { unreachable: 'account_not_empty' } },
} as const;
const change = {
  topic: 'change',
  verdicts: { open: 'allowed', frozen: 'allowed', closed: { refused: 'state_conflict' } },
} as const;
const notEmpty = {
  topic: 'change',
  verdicts: {
    open: { refused: 'account_not_empty' },
    frozen: { refused: 'account_not_empty' },
    closed: { unreachable: 'account_not_empty' },
  },
} as const;
const read = { topic: 'read', verdicts: always } as const;

/**
 * Every operation that touches an account, and what the status of the account means for it. Frozen: nothing new begins, and what is
 * on its way goes on. Closed: for good, and only while nothing is on the account or held. `ledger/accounts/status-matrix.test.ts` runs
 * each cell against the database; docs/account-states.md is made from here.
 */
export const accountOperations = {
  'a transfer in the book': { ...begins, ...either },
  'a transfer with a date': { ...begins, ...either },
  'a transfer to a bank': { ...begins, ...toBank },
  'the preview of a transfer': { ...begins, ...either },
  'the reversal of a transfer': { ...begins, ...either },
  'an entry': { ...begins, ...either },
  'the reversal of an entry': { ...begins, ...either },
  'a hold': { ...begins, ...either },

  'a transfer whose date has come': { ...goesOn, ...either },
  'the cancellation of a transfer': { ...goesOn, ...either },
  'the sending of a transfer to a bank': { ...goesOn, ...toBank },
  'acceptance by the bank': { ...goesOn, ...toBank },
  'late acceptance, of a transfer that was unknown': { ...goesOn, ...toBank },
  'rejection by the bank': { ...goesOn, ...toBank },
  // The platform carries the loss (suspense), so the account is not touched.
  'acceptance of a transfer that was rejected before': { ...goesOn, ...toBank, verdicts: always },
  'the capture of a hold': { ...goesOn, ...either },
  'the release of a hold': { ...goesOn, ...either },
  'the expiry of a hold': { ...goesOn, ...either },

  // Names and texts may have to be corrected, or removed, long after an account was closed.
  'another name, reference or metadata': { ...change, ...itself, verdicts: always },
  'to freeze it': { ...change, ...itself },
  'to unfreeze it': { ...change, ...itself },
  'to close it, when it is empty': { ...change, ...itself, verdicts: always },
  'to close it, with money on it': { ...notEmpty, ...itself },
  'to close it, with a hold on it': { ...notEmpty, ...either },
  'another overdraft limit': { ...change, ...itself, kinds: ['customer'] },

  'the account with its balance': { ...read, ...itself },
  'its balance at an instant': { ...read, ...itself },
  'its postings': { ...read, ...itself },
  'a statement of it, on request': { ...read, ...itself },
  'the event and the notice of what happens to it': { ...read, ...itself },
} as const satisfies Record<string, AccountOperation>;

/** An operation, by its name in the table. */
export type AccountOperationName = keyof typeof accountOperations;
