/** How the archive is written. Times in milliseconds; tests pass small ones. */
export type ArchiveTerms = {
  /** About as many records as a segment has: it is in memory while it is made. */
  recordsMax: number;
  /** After so long without anything to record there is a segment that says so: silence is no gap. */
  emptyAfterMs: number;
  /** Segments of one step; the next one goes on behind them. */
  segmentsMax: number;
  /** About as many rows as one read has: what a read costs besides its rows is then little beside them. */
  pageRows: number;
};

export const archiveTerms: ArchiveTerms = {
  recordsMax: 5_000,
  emptyAfterMs: 3_600_000,
  segmentsMax: 20,
  pageRows: 1_000,
};
