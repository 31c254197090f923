import type { Finding } from '../ledger/verify/run.ts';

/** What one check looked at, and the first fault that it found. */
export type Tally = { add(fault: string | null): void; finding(): Finding };

/** `verdict` `upkeep`: the archive may be sound although it is found. */
export function createTally(name: string, promise: string, verdict: Finding['verdict'] = 'books'): Tally {
  let examined = 0;
  let breaches = 0;
  let witness: string | null = null;
  return {
    add: (fault) => {
      examined += 1;
      if (fault === null) return;
      breaches += 1;
      witness ??= fault;
    },
    finding: () => ({ name, verdict, promise, examined: `${examined}`, breaches: `${breaches}`, witness }),
  };
}
