import { check } from './check.ts';
import type { BankAccount } from './destination.ts';

/** What carries money: a network by the name of its row in `rails/index.ts`, or `book`, which never leaves the ledger. */
export type RailName = string;
export type NetworkName = RailName;

/** One submission of a transfer to a rail. The rail key is made once and is the same on every send ("Who may send" in ARCHITECTURE.md). */
export type RailAttempt = {
  railKey: string;
  amount: string;
  currency: string;
  destination: BankAccount;
  /** When the attempt was written, RFC 3339 UTC. */
  createdAt: string;
};

/**
 * What a rail says about an attempt, in a reply, inquiry or report. What an adapter cannot classify is `unknown`: no
 * answer, a truncated body, a new error code. `not_taken` needs proof that the network never took it (connection refused, 429, 503
 * before the body was read). A `decisive` rejection speaks for the key, an indecisive one only for its own send.
 */
export type RailAnswer =
  | { outcome: 'accepted'; railReference: string; code: string }
  | { outcome: 'rejected'; railReference: string | null; code: string; decisive: boolean }
  | { outcome: 'not_taken'; code: string; retryAfterMs?: number }
  | { outcome: 'unknown'; code: string };

/** What an inquiry finds. `absent`: the rail says it does not know the key, which is proof only after the quiet period. */
export type RailFinding = Exclude<RailAnswer, { outcome: 'not_taken' }> | { outcome: 'absent'; code: string };

/** How to speak with a network. Neither call throws for anything the network does: an unreadable answer is `unknown`. */
export type RailClient = {
  submit(attempt: RailAttempt, limit: RailLimit): Promise<RailAnswer>;
  inquire(attempt: RailAttempt, limit: RailLimit): Promise<RailFinding>;
};

/** A network that a process can send to, under the terms of this installation. */
export type Rail = RailClient & { name: NetworkName; terms: RailTerms; termsVersion: number };

/** The networks that a process can send to. */
export type Rails = Readonly<Record<NetworkName, Rail>>;

/** A network of this build. Throws for another: a transfer may name one that only a newer build has. */
export function railOf(rails: Rails, name: NetworkName): Rail {
  const rail = rails[name];
  check(rail, `no rail of this build is called ${name}`);
  return rail;
}

export type RailLimit = { timeoutMs: number };

/**
 * A rail's terms, as data. All times in milliseconds; tests pass small ones. The ledger keeps them once per rail, all but
 * `concurrency`, and decides by those that it keeps.
 */
export type RailTerms = {
  /** How long one request may take, from the first byte to the last. */
  requestTimeoutMs: number;
  /** Added to the request timeout to make a lease: time to write the outcome before another may send. */
  leaseMarginMs: number;
  /** How long after the last lease an inquiry must wait before "absent" means anything. */
  quietPeriodMs: number;
  /** Waits between inquiries; the last one repeats. */
  inquiryWaitsMs: readonly number[];
  /** How long a transfer may be `unknown` before a person is asked to look. It keeps asking after that. */
  giveUpMs: number;
  /** How long a transfer that was not taken or put off waits before it is due again. */
  retryMs: number;
  /** How long the rail knows a key again, or null when it does not deduplicate. */
  deduplicatesMs: number | null;
  /** Concurrent requests, per worker process. One bank gets at most half of them, one tenant three quarters. */
  concurrency: number;
  /**
   * Breaker: opens when at least `breakerFailures` of a window failed, that is half of it or more, they were of two banks or
   * more, and of two tenants or more where more than one was seen. A bank's own breaker opens by the same numbers of that
   * bank, where a failure that took the whole time of a request counts as five.
   */
  breakerFailures: number;
  /** How long a window counts answers; the next one begins at zero. */
  breakerWindowMs: number;
  /** How long the breaker stays open before one send probes the rail. */
  breakerOpenMs: number;
};
