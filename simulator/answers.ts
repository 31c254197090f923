import type { TakenInstruction } from './state.ts';

/** An HTTP answer in JSON. Every answer about a key names that key, so that it cannot be mistaken for another's. */
export type Answer = { status: number; headers?: Record<string, string>; body: Record<string, string> };

/** Every refusal of the bank. Those with `retryAfter` (seconds) guarantee that nothing was taken. */
const problems = {
  invalid_request: { status: 400, detail: 'The request is not one that this bank reads; nothing was taken.' },
  unknown_key: { status: 404, detail: 'The bank has nothing under this key.' },
  not_found: { status: 404, detail: 'There is no such address here. Open / for a list.' },
  method_not_allowed: { status: 405, detail: 'This address does not take that method.' },
  key_conflict: { status: 409, detail: 'This key belongs to the instruction under rail_reference.' },
  payload_too_large: { status: 413, detail: 'The body is larger than 8 KiB; nothing was taken.' },
  unsupported_media_type: { status: 415, detail: 'Send application/json without content encoding.' },
  control_token_needed: {
    status: 401,
    detail: 'Send Authorization: Bearer with the token of SIMULATOR_CONTROL_TOKEN; `npm start` keeps it in ready.json.',
  },
  foreign_name: { status: 421, detail: 'This bank answers to addresses and to names without a dot.' },
  cross_site: { status: 403, detail: 'Other web sites may not use this bank.' },
  rate_limited: { status: 429, detail: 'Too many requests; nothing was taken.', retryAfter: 1 },
  server_error: { status: 500, detail: 'Something went wrong. This does not say whether the instruction was taken.' },
  not_taken: { status: 503, detail: 'The bank does not take instructions now; nothing was taken.', retryAfter: 1 },
} as const satisfies Record<string, { status: number; detail: string; retryAfter?: number }>;

export type ProblemCode = keyof typeof problems;

/** A refusal, with its key when there is one. */
export function problem(code: ProblemCode, railKey?: string, detail?: string): Answer {
  const row: { status: number; detail: string; retryAfter?: number } = problems[code];
  return {
    status: row.status,
    ...(row.retryAfter !== undefined && { headers: { 'Retry-After': String(row.retryAfter) } }),
    body: { code, detail: detail ?? row.detail, ...(railKey !== undefined && { rail_key: railKey }) },
  };
}

/** The bank's answer about an instruction that it took; an inquiry gets `taken` itself as the answer. */
export const statement = (taken: TakenInstruction, says: { status: string; code: string }): Answer => ({
  status: 200,
  body: {
    rail_reference: taken.reference,
    rail_key: taken.instruction.rail_key,
    amount: taken.instruction.amount,
    currency: taken.instruction.currency,
    status: says.status,
    code: says.code,
  },
});
