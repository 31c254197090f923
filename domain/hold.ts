/**
 * A hold that a client makes: money set aside between two accounts. `open`: held, and captured in one or more parts. Closed once:
 * `captured` (all of it, or a final capture gave the rest back), `released` by the client, or `expired` when its time was over.
 */
export const holdStates = ['open', 'captured', 'released', 'expired'] as const;
export type HoldState = (typeof holdStates)[number];

/** How long a hold is open, in days. The ledger has the same (`ledger.may_expire_at`). */
export const holdDays = {
  default: 7,
  // Longer than any authorization of a card network: what is held for longer was forgotten.
  max: 30,
} as const;

/** Captures of one hold. The last one takes all that is left, or is final. `ledger.hold_refusal` has the same. */
export const capturesMax = 100;

/** Why the ledger refuses to capture or to release a hold. */
export type HoldRefusal = 'hold_not_open' | 'hold_expired' | 'capture_too_large' | 'captures_exhausted';
