/**
 * Every refusal, in the order of checking: HTTP status, one sentence, what to do, and whether the *same
 * request with the same key* may succeed later. The API's problems, `docs/refusals.md` and the OpenAPI enum come from here.
 */
type Row = { status: number; title: string; action: string; retryable: boolean };

export const refusals = {
  header_repeated: row(400, 'A header that may appear once was repeated.', 'Send it once.'),
  unauthorized: row(
    401,
    'The API key is missing, unknown, expired or revoked.',
    'Send `Authorization: Bearer <key>` with a valid key.',
    true,
  ),
  forbidden: row(403, 'The API key lacks the scope for this.', 'Use a key with the scope that the detail names.', true),
  not_found: row(404, 'There is no such thing here.', 'Check the address and the id.'),
  method_not_allowed: row(405, 'This address does not take that method.', 'Use a method from the Allow header.'),
  rate_limited: row(
    429,
    'Too many requests.',
    'Wait as long as Retry-After says, then send the same request again.',
    true,
  ),
  unsupported_media_type: row(
    415,
    'The body is not JSON in UTF-8.',
    'Send `Content-Type: application/json`, without content encoding.',
  ),
  payload_too_large: row(413, 'The body is larger than 64 KiB.', 'Send a smaller body.'),
  header_fields_too_large: row(431, 'The headers are larger than 16 KiB.', 'Send smaller headers.'),
  request_timeout: row(
    408,
    'The request did not arrive completely in time.',
    'Send the same request again; nothing was done, and no key was used.',
    true,
  ),
  uri_too_long: row(414, 'The address is longer than 2,048 characters.', 'Send a shorter one; nothing was done.'),
  malformed_request: row(400, 'The bytes received are not a well-formed HTTP request.', 'Use a standard HTTP client.'),
  malformed_json: row(
    400,
    'The body is not well-formed JSON.',
    'Correct the body; nothing was done, and no key was used.',
  ),
  duplicate_json_key: row(
    400,
    'The body names a field twice.',
    'Name every field once; nothing was done, and no key was used.',
  ),
  idempotency_key_missing: row(
    400,
    'This request needs an Idempotency-Key header.',
    'Make a key, store it, and send it with every try of this request.',
  ),
  idempotency_key_invalid: row(
    400,
    'The Idempotency-Key is not 1 to 255 printable ASCII characters.',
    'Use a UUID or a similar token.',
  ),
  validation_failed: row(
    400,
    'The request has fields that cannot be accepted.',
    'Correct every field that `errors` names; nothing was done, and no key was used.',
  ),
  idempotency_key_reused: row(
    422,
    'This Idempotency-Key belongs to another request.',
    'Use a new key for a new request; read the thing that the answer names.',
  ),
  account_not_found: row(
    422,
    'An account that the request names does not exist.',
    'Use an account of this tenant, and a new key.',
  ),
  same_account: row(422, 'Source and destination are the same account.', 'Name two accounts, and use a new key.'),
  account_kind_not_allowed: row(
    422,
    'An account of that kind cannot be used here.',
    'Use a customer account, and a new key.',
  ),
  currency_mismatch: row(
    422,
    'The transfer and its accounts differ in currency.',
    'Use accounts in the currency of the transfer, and a new key.',
  ),
  account_closed: row(422, 'An account of the transfer is closed.', 'Use another account, and a new key.'),
  account_frozen: row(
    422,
    'An account of the transfer is frozen.',
    'Wait until it is opened again, then use a new key.',
  ),
  amount_too_large: row(
    422,
    'The amount would exceed the largest balance of an account.',
    'Use a smaller amount, and a new key.',
  ),
  insufficient_funds: row(
    422,
    'The source account has less available than the amount.',
    'Add funds, then use a new key.',
  ),
  rail_rejected: row(
    422,
    'The rail refused the transfer.',
    'See the code in the detail; a new transfer needs a new key.',
  ),
  deadline_passed: row(
    422,
    'The transfer could not be sent in time, and was never taken.',
    'Make a new transfer with a new key.',
  ),
  account_not_empty: row(409, 'The account still has money or holds.', 'Empty it first, then close it.', true),
  state_conflict: row(409, 'The thing is not in a state that allows this.', 'Read it, then decide again.'),
  not_attempted: row(
    503,
    'The platform is too busy or partly unavailable; nothing was done with this request.',
    'Send the same request with the same key again, after Retry-After.',
    true,
  ),
  outcome_unknown: row(
    503,
    'The request was accepted, but its outcome is not known now.',
    'Send the same request with the same key again: it moves money at most once, and returns the outcome.',
    true,
  ),
  unavailable: row(
    503,
    'A part of the platform that this needs is unavailable.',
    'Send the same request again, after Retry-After.',
    true,
  ),
  internal_error: row(
    500,
    'An internal check failed. This request moved no money.',
    'Send the same request with the same key again later; tell us the `instance` if it stays.',
    true,
  ),
} as const satisfies Record<string, Row>;

export type RefusalCode = keyof typeof refusals;

/** Codes that the ledger itself may give a transfer, in its order of checking. They are kept permanently under the key. */
export const ledgerRefusals = [
  'account_not_found',
  'same_account',
  'account_kind_not_allowed',
  'currency_mismatch',
  'account_closed',
  'account_frozen',
  'amount_too_large',
  'insufficient_funds',
] as const satisfies readonly RefusalCode[];

function row(status: number, title: string, action: string, retryable = false): Row {
  return { status, title, action, retryable };
}
