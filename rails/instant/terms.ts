import type { RailTerms } from '../../domain/rail.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The terms of the instant rail. It is modelled on FedNow, whose payment clock is 20 s and whose inquiry waits 25 s. */
export const instantTerms: RailTerms = {
  // Half of the network's payment clock. A sound answer takes well under a second; after ten it is better to ask.
  requestTimeoutMs: 10 * second,
  // Writing the outcome takes milliseconds. Five seconds also carry a stalled process. A failover of the database may take
  // longer: then the outcome is written when it is back, and nobody was granted a send meanwhile.
  leaseMarginMs: 5 * second,
  // The network says nothing certain about a key before 25 s have passed: it may still be on its way inside.
  quietPeriodMs: 25 * second,
  // Most doubts are a lost reply, and end with the first question. The tail spares a bank that is in trouble.
  inquiryWaitsMs: [1 * second, 2 * second, 5 * second, 15 * second, 60 * second, 300 * second],
  // Where the network's own rules hand an instant payment without an answer over to people.
  giveUpMs: 5 * minute,
  // A not-taken transfer costs one request to try again. Two seconds keep it instant for the one who waits.
  retryMs: 2 * second,
  // The bank knows a key again for a day. Past it the same key is a new instruction, so nothing is sent again then.
  deduplicatesMs: 24 * hour,
  // One bank gets half of them: 32 side by side at 30 ms each are about 1,000 a second and worker, more than one can feed.
  concurrency: 64,
  // Ten, so that a few unlucky transfers do not stop a rail for all; half of a window, so that a busy rail may limp.
  // The ledger also counts banks and tenants, so that one bank or one customer does not close it for the others.
  breakerFailures: 10,
  breakerWindowMs: 30 * second,
  // One probe per five seconds finds a bank that is back soon enough, and does not keep one down that is starting.
  breakerOpenMs: 5 * second,
};
