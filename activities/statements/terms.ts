/** How statements are made that cannot be made at once. Times in milliseconds; tests pass small ones. */
export type StatementTerms = {
  /** Waits before the second, third, … try. The last one repeats: a statement is tried for as long as it takes. */
  retryMs: readonly number[];
  /** The wait of one that no try changes, until a person has looked or a release has fixed it. */
  hopelessMs: number;
  /** After so many faults of the object store in a row nothing more is taken … */
  storageFaultsMax: number;
  /** … for so long. */
  storageRetryMs: number;
};

export const statementTerms: StatementTerms = {
  retryMs: [60_000, 600_000, 3_600_000],
  hopelessMs: 86_400_000,
  storageFaultsMax: 3,
  storageRetryMs: 60_000,
};
