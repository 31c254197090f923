/** A call that was made beside others: the number of its commit, and how the model takes it. */
export type Call = { commit: bigint; settle: () => void };

/** The model takes the calls in the order of their commits: what waited for the lock of another came after it. */
export function settleByCommit(calls: Call[]): void {
  for (const { settle } of calls.toSorted((a, b) => Number(a.commit - b.commit))) settle();
}

/** Of these commits, that of a call, by the first thing that it changed; 0 where it had nothing to do. */
export const commitIn = (commits: Map<string, bigint>, first: string | undefined): bigint =>
  (first !== undefined && commits.get(first)) || 0n;
