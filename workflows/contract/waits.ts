/** How long the workflows wait for things, in milliseconds. Carried in every input, so that a test passes small ones; read with {@link waitsOf}. */
export type Waits = {
  /** `accept` answers with what is decided after this long; the rest is `undecided`, and goes on. */
  localReserveMs: number;
  /** The longest that the first step may take as a local activity; then it goes on as an ordinary one. */
  localReserveMostMs: number;
  /** How long a group tries to reserve before it gives up: longer than the ledger takes an id for new. */
  reserveGiveUpMs: number;
  /** The longest run of a step that only asks the ledger, or Temporal, to do something. */
  ledgerStepMs: number;
  /** How long a group waits for a worker of its rail before it puts its members off. */
  submitQueueMs: number;
  /** `submit` works this long, then returns what is left and is called again. */
  submitBudgetMs: number;
  /** The longest run of `submit`: its budget, the last request, and time to write outcomes. */
  submitMostMs: number;
  /** The longest run of one inquiry: a wait for its place, the rail's request timeout, and time to write what it found. */
  inquireMostMs: number;
  /** A step that sends heartbeats and is silent for this long is taken to be dead, and is run again. */
  heartbeatMs: number;
  /** Between two runs of a step that failed: the first wait, and the longest after doubling. */
  retryFirstMs: number;
  retryMostMs: number;
  /** How often a drain looks for due rows while there are none, and how long one run of it looks. */
  drainIdleMs: number;
  drainRunMs: number;
  /** How long rows that a drain took are its group's; then they fall due again. */
  drainLeaseMs: number;
  /** A row is overdue when its `next_at` passed by this much: the watch takes it up. */
  overdueGraceMs: number;
  /** How often the watch looks. */
  watchEveryMs: number;
  /** The longest run of one pass over an endpoint's notices: its budget, the last request, and time to settle it. */
  deliverMostMs: number;
  /** How long a receiver that takes nothing is left alone: the first pause, and the longest after doubling. */
  deliveryPauseFirstMs: number;
  deliveryPauseMostMs: number;
  /** The longest run of the daily housekeeping. */
  housekeepMostMs: number;
};

export const defaultWaits: Waits = {
  localReserveMs: 2_000,
  localReserveMostMs: 4_000,
  reserveGiveUpMs: 420_000,
  ledgerStepMs: 10_000,
  submitQueueMs: 30_000,
  submitBudgetMs: 20_000,
  submitMostMs: 60_000,
  inquireMostMs: 30_000,
  heartbeatMs: 10_000,
  retryFirstMs: 200,
  retryMostMs: 10_000,
  drainIdleMs: 1_000,
  drainRunMs: 60_000,
  drainLeaseMs: 30_000,
  overdueGraceMs: 20_000,
  watchEveryMs: 20_000,
  deliverMostMs: 60_000,
  deliveryPauseFirstMs: 5_000,
  deliveryPauseMostMs: 300_000,
  housekeepMostMs: 600_000,
};

/**
 * The waits of an input. A workflow may be older than a wait: what its input lacks is as long as it is by default, because a
 * drain or a delivery lives for months and is started by whatever version was there on its first day.
 */
export const waitsOf = ({ waits = {} }: { waits?: Partial<Waits> }): Waits => ({ ...defaultWaits, ...waits });
