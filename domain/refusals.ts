/** A refusal: its HTTP status, one sentence, what to do, and whether the same request, with the same `Idempotency-Key`, may succeed later, by waiting alone. */
export type RefusalRow = {
  status: number;
  title: string;
  action: string;
  retryable: boolean;
  /** Decided by the ledger for a transfer, which is then `declined`; kept permanently under the key. */
  isDecline?: true;
};

/**
 * What the ledger and the domain refuse, in the order of checking. Those of HTTP alone stand in `api/http/refusals.ts`, which
 * makes one table of both: the API's problems, `docs/refusals.md` and the OpenAPI enum come from there.
 */
export const domainRefusals = {
  not_found: row(404, 'There is no such thing here.', 'Check the address and the id.'),
  account_not_found: declined(
    'An account that the request names does not exist.',
    'Use an account of this tenant, and a new key.',
  ),
  same_account: declined('Source and destination are the same account.', 'Name two accounts, and use a new key.'),
  account_kind_not_allowed: declined(
    'An account of that kind cannot be used here.',
    'Use a customer account, and a new key.',
  ),
  currency_mismatch: declined(
    'The transfer and its accounts differ in currency.',
    'Use accounts in the currency of the transfer, and a new key.',
  ),
  account_closed: declined('An account of the transfer is closed.', 'Use another account, and a new key.'),
  account_frozen: declined(
    'An account of the transfer is frozen.',
    'Wait until it is opened again, then use a new key.',
  ),
  amount_too_large: declined(
    'The amount would exceed the largest balance of an account.',
    'Use a smaller amount, and a new key.',
  ),
  insufficient_funds: declined(
    'The source account has less available than the amount.',
    'Add funds, then use a new key.',
  ),
  rail_rejected: row(
    422,
    'The rail refused the transfer.',
    'See the code in the detail; a new transfer needs a new key.',
  ),
  account_not_empty: row(409, 'The account still has money or holds.', 'Empty it first, then close it.'),
  state_conflict: row(409, 'The thing is not in a state that allows this.', 'Read it, then decide again.'),
} as const satisfies Record<string, RefusalRow>;

export type RefusalCode = keyof typeof domainRefusals;

/** Codes that the ledger itself may give a transfer, in its order of checking. */
export const ledgerRefusals: readonly RefusalCode[] = Object.entries(domainRefusals).flatMap(
  ([code, { isDecline }]) =>
    // A key of the table.
    isDecline ? [code as RefusalCode] : [], // oxlint-disable-line typescript/no-unsafe-type-assertion
);

function row(status: number, title: string, action: string, retryable = false): RefusalRow {
  return { status, title, action, retryable };
}

function declined(title: string, action: string): RefusalRow {
  return { ...row(422, title, action), isDecline: true };
}
