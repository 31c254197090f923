/** A refusal: its HTTP status, one sentence, what to do, and whether the same request, with the same `Idempotency-Key`, may succeed later, by waiting alone. */
export type RefusalRow = {
  status: number;
  title: string;
  action: string;
  retryable: boolean;
  /** Decided by the ledger and kept permanently under the key. A transfer is then `declined`; a hold or an entry is not made. */
  isDecline?: true;
};

/**
 * What the ledger and the domain refuse, in the order of checking. Those of HTTP alone stand in `api/http/refusals.ts`, which
 * makes one table of both: the API's problems, `docs/refusals.md` and the OpenAPI enum come from there.
 */
export const domainRefusals = {
  not_found: row(404, 'There is no such thing here.', 'Check the address and the id.'),
  execute_at_passed: declined(
    'The date of the transfer had passed by more than a minute when the request came.',
    'Give a date that is still to come, or none, and use a new key.',
  ),
  account_not_found: declined(
    'An account that the request names does not exist.',
    'Use an account of this tenant, and a new key.',
  ),
  same_account: declined('Both sides name the same account.', 'Name two accounts, and use a new key.'),
  account_kind_not_allowed: declined(
    'An account of that kind cannot be used here.',
    'Use an account of a kind that this takes, and a new key.',
  ),
  currency_mismatch: declined(
    'The amount and its accounts differ in currency.',
    'Use accounts in the currency of the amount, and a new key.',
  ),
  account_closed: declined('An account that the request names is closed.', 'Use another account, and a new key.'),
  account_frozen: declined(
    'An account that the request names is frozen.',
    'Wait until it is unfrozen, then use a new key.',
  ),
  amount_too_large: declined(
    'The amount would exceed the largest balance of an account.',
    'Use a smaller amount, and a new key.',
  ),
  insufficient_funds: declined(
    'An account has less available than would be taken from it.',
    'Add funds, then use a new key.',
  ),
  rail_rejected: row(
    422,
    'The rail refused the transfer.',
    'See the code in the detail; a new transfer needs a new key.',
  ),
  period_closed: row(
    422,
    'The date of the entry is in a closed period.',
    'Date it after the newest closed period (`GET /v1/periods`), or leave the date out, and use a new key.',
  ),
  period_not_over: row(409, 'The month has not been over for a minute, by UTC.', 'Close it after its end.'),
  capture_too_large: row(
    422,
    'The capture is larger than what is left of the hold.',
    'Read the hold, then capture at most what is left, under a new key.',
  ),
  belongs_to_transfer: row(409, 'The entry belongs to a transfer.', 'Reverse the transfer.'),
  overdraft_in_use: row(
    409,
    'The account is further below zero than that limit, what is held counted.',
    'Add funds or release holds first, or set a higher limit.',
  ),
  account_not_empty: row(409, 'The account still has money or holds.', 'Empty it first, then close it.'),
  not_reversible: row(
    409,
    'It cannot be reversed: a transfer that is not completed, not on the book, or itself a reversal; or an entry that is a reversal.',
    'Read it. What went to a bank comes back only from there; make a new transfer, or entry, instead.',
  ),
  already_reversed: row(409, 'It was reversed before.', 'Read it: `reversed_by_id` names the reversal.'),
  too_many_statements: row(
    429,
    'Ten statements of this account were asked for today, by UTC.',
    'Send the same request again after Retry-After. What a month or a closing needs is made by itself.',
    true,
  ),
  statement_not_ready: row(
    409,
    'The files of the statement are not made yet.',
    'Read it until its `status` is `ready`, which takes seconds as a rule, then ask again.',
  ),
  state_conflict: row(409, 'The thing is not in a state that allows this.', 'Read it, then decide again.'),
} as const satisfies Record<string, RefusalRow>;

export type RefusalCode = keyof typeof domainRefusals;

/** Codes that the ledger itself may give a transfer, in its order of checking. */
export const ledgerRefusals: readonly RefusalCode[] = Object.entries(domainRefusals).flatMap(
  ([code, { isDecline }]) =>
    // A key of the table.
    isDecline ? [code as RefusalCode] : [], // oxlint-disable-line typescript/no-unsafe-type-assertion
);

/** Those of a request that has no date. */
export const undatedRefusals: readonly RefusalCode[] = ledgerRefusals.filter((code) => code !== 'execute_at_passed');

function row(status: number, title: string, action: string, retryable = false): RefusalRow {
  return { status, title, action, retryable };
}

function declined(title: string, action: string): RefusalRow {
  return { ...row(422, title, action), isDecline: true };
}
