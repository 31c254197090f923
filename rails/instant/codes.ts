/** What an answer means for the key that it names. `absent` and `not_taken` are the two kinds of "not here". */
export type Meaning =
  | { outcome: 'accepted' }
  | { outcome: 'rejected'; decisive: boolean }
  | { outcome: 'not_taken' }
  | { outcome: 'absent' }
  | { outcome: 'unknown' };

export type Question = 'submit' | 'inquire';

/**
 * What an answer means, by HTTP status, the `status` of the body and its code. A row must fit in all
 * three: a status alone may come from any gateway on the way and proves nothing. What has no row is `unknown`.
 */
export function meaningOf(
  question: Question,
  answer: { http: number; status?: string | undefined; code: string },
): Meaning {
  const key = [answer.http, answer.status, answer.code].filter((part) => part !== undefined).join(' ');
  const rows: Readonly<Record<string, Meaning>> = question === 'submit' ? submitRows : inquireRows;
  return (Object.hasOwn(rows, key) ? rows[key] : undefined) ?? unknown;
}

const accepted = { outcome: 'accepted' } as const;
const unknown = { outcome: 'unknown' } as const;
/** The bank stored its refusal under the key and always repeats it. */
const rejected = { outcome: 'rejected', decisive: true } as const;

/** Answers that speak of the transfer itself, on either question. */
const finalRows = {
  '200 accepted ACSC': accepted, // settled
  '200 accepted ACCC': accepted, // settled, and posted by the receiver
  '200 accepted ACWP': accepted, // settled with finality; the receiver is still checking
  '200 rejected AC01': rejected, // account number malformed
  '200 rejected AC03': rejected, // account number unknown
  '200 rejected AC04': rejected, // account closed
  '200 rejected AC06': rejected, // account blocked
  '200 rejected AG01': rejected, // instant payments not allowed on the account
  '200 rejected AM02': rejected, // amount above the limit
  '200 rejected AM04': rejected, // prefunding too small
  '200 rejected BE04': rejected, // creditor address missing
  '200 rejected FF01': rejected, // format
  '200 rejected MD07': rejected, // customer deceased
  '200 rejected MS03': rejected, // no reason given
  '200 rejected RC01': rejected, // bank identifier malformed
  '200 rejected RR04': rejected, // regulatory reason
  '200 rejected TM01': rejected, // past the cut-off time
  '200 rejected E433': rejected, // the bank does not take this kind
  // "I have it already" says that the first one may stand. Never a rejection, whatever the count of sends.
  '200 rejected DUPL': unknown,
  '202 pending PDNG': unknown,
} as const satisfies Record<string, Meaning>;

const submitRows = {
  ...finalRows,
  // Refused as malformed before it was taken: says something about this send, not about another under the same key.
  '400 invalid_request': { outcome: 'rejected', decisive: false },
  // The key is in use with another body, and it is not known which.
  '409 key_conflict': unknown,
  '429 rate_limited': { outcome: 'not_taken' },
  // With this code and a Retry-After, which `rail.ts` demands, the bank guarantees that it took nothing. Other 5xx do not.
  '503 not_taken': { outcome: 'not_taken' },
} as const satisfies Record<string, Meaning>;

const inquireRows = {
  ...finalRows,
  '404 unknown_key': { outcome: 'absent' },
} as const satisfies Record<string, Meaning>;
