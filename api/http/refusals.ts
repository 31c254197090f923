import { domainRefusals, type RefusalRow } from '../../domain/refusals.ts';

const { not_found: notFound, ...others } = domainRefusals;

/** Every refusal of the API, in the order of checking where a request reaches its operation. Those of the domain stand at their place. */
export const refusals = {
  header_repeated: row(400, 'A header that may appear once was repeated.', 'Send it once.'),
  unauthorized: row(
    401,
    'The API key is missing, unknown, expired or revoked.',
    'Send `Authorization: Bearer <key>` with a valid key.',
  ),
  tenant_disabled: row(
    403,
    'The tenant of this key is disabled.',
    'Ask the operator of the platform; nothing was done. What is open goes on.',
  ),
  address_not_allowed: row(
    403,
    'This key is not taken from this address.',
    'Send the request from an address that the key allows; nothing was done.',
  ),
  forbidden: row(403, 'The API key lacks the scope for this.', 'Use a key with the scope that the detail names.'),
  not_found: notFound,
  archived: row(
    410,
    'What is asked for is in a month that was moved out of the database, into the archive.',
    'Ask for what is newer. Statements of that time are here as before; of the rest the operator of the platform has a copy.',
  ),
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
  payload_too_large: row(
    413,
    'The body is larger than this route takes: 64 KiB, a batch 512 KiB.',
    'Send a smaller body.',
  ),
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
  link_not_valid: row(
    403,
    'The link is over, or it is not as we gave it.',
    'Ask for a new one: POST /v1/statements/{id}/links. It lives for five minutes.',
  ),
  account_not_allowed: row(
    403,
    'This key may not take money from that account, or change it.',
    'Use a key that may; nothing was done, and no key was used.',
  ),
  amount_not_allowed: row(
    403,
    'The amount is larger than this key may move.',
    'Use a smaller amount or a key that may move more; nothing was done, and no key was used.',
  ),
  precondition_failed: row(
    412,
    'The thing was changed since you read it.',
    'Read it again, and send the change with its new ETag or version; nothing was done.',
  ),
  idempotency_key_reused: row(
    422,
    'This Idempotency-Key belongs to another request.',
    'Use a new key for a new request. The answer names what the first request made, unless that was refused.',
  ),
  ...others,
  not_attempted: row(
    503,
    'The platform is too busy or partly unavailable; nothing was done with this request.',
    'Send the same request with the same Idempotency-Key again, after Retry-After.',
    true,
  ),
  outcome_unknown: row(
    503,
    'The request was accepted, but its outcome is not known now.',
    'Send the same request with the same Idempotency-Key again: it moves money at most once, and returns the outcome.',
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
    'Report the `instance`. The key is unused, and the same request may be sent again when the cause is repaired.',
  ),
} as const satisfies Record<string, RefusalRow>;

export type HttpRefusalCode = keyof typeof refusals;

/** Whether a text is the code of a refusal. */
export const isRefusalCode = (text: string): text is HttpRefusalCode => Object.hasOwn(refusals, text);

function row(status: number, title: string, action: string, retryable = false): RefusalRow {
  return { status, title, action, retryable };
}
