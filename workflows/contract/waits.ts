/** How long the workflows wait for things, in milliseconds. An input carries those that differ from their defaults ({@link changedWaits}) and is read with {@link waitsOf}; a test passes small ones. */
export type Waits = {
  /** `accept` answers with what is decided after this long; the rest is `undecided`, and continues. */
  localReserveMs: number;
  /** The longest that the first step may take as a local activity; then it continues as an ordinary one. */
  localReserveMaxMs: number;
  /** How long a group tries to reserve before it gives up: longer than the ledger accepts an id as new. */
  reserveGiveUpMs: number;
  /** The longest run of a step that only asks the ledger, or Temporal, to do something. */
  ledgerStepMs: number;
  /** How long a group waits for a worker of its rail before it puts its members off. */
  submitQueueMs: number;
  /** `submit` works this long, then returns what is left and is called again. */
  submitBudgetMs: number;
  /** The longest run of `submit`: its budget, the last request, and time to write outcomes. */
  submitMaxMs: number;
  /** The longest run of one inquiry: a wait for its turn, the rail's request timeout, and time to write what it found. */
  inquireMaxMs: number;
  /** A step that should send heartbeats and sends none for this long counts as dead, and runs again. */
  heartbeatMs: number;
  /** Between two runs of a step that failed: the first wait, and the longest after doubling. */
  retryFirstMs: number;
  retryMaxMs: number;
  /** How often a dispatcher looks for due rows while there are none, and how long one run of it looks. */
  dispatchIdleMs: number;
  dispatchRunMs: number;
  /** How long rows that a dispatcher took belong to their group; then they are due again. */
  handoverMs: number;
  /** A row is overdue when its `next_at` passed by this much: the sweep repairs it. */
  overdueGraceMs: number;
  /** How often the sweep looks. */
  sweepEveryMs: number;
  /** The longest run of one pass over an endpoint's notices: its budget, the last request, and time to settle it. */
  deliverMaxMs: number;
  /** How long a receiver that takes nothing gets no notice: the first pause, and the longest after doubling. */
  deliveryPauseFirstMs: number;
  deliveryPauseMaxMs: number;
  /** How long a delivery without notices waits for the next one before it ends. */
  deliveryLingerMs: number;
  /** The longest run of the daily housekeeping. */
  housekeepMaxMs: number;
  /** How often somebody looks which statements are due. */
  statementsEveryMs: number;
  /** A step that makes statements begins none after this long; the run calls it again. Each call is some events of the run's history. */
  statementsBudgetMs: number;
  /** The longest run of a step that cuts or makes statements: its budget, and the largest account. What is there then is not made again. */
  statementsMaxMs: number;
  /** How long a statement belongs to the worker that took it; then another one takes it. */
  statementsLeaseMs: number;
  /** The longest wait of a run before it looks again, however long its next statement has to wait. */
  statementsWaitMaxMs: number;
  /** How often what was committed is put into the archive. */
  archiveEveryMs: number;
  /** The longest run of a step that makes segments: about twenty, each of which is resumed where it was. */
  archiveMaxMs: number;
};

export const defaultWaits: Waits = {
  localReserveMs: 2_000,
  localReserveMaxMs: 4_000,
  reserveGiveUpMs: 420_000,
  ledgerStepMs: 10_000,
  submitQueueMs: 30_000,
  submitBudgetMs: 20_000,
  submitMaxMs: 60_000,
  inquireMaxMs: 30_000,
  heartbeatMs: 10_000,
  retryFirstMs: 200,
  // The longest of those waits: short enough to continue soon after an outage.
  retryMaxMs: 10_000,
  dispatchIdleMs: 1_000,
  // Long enough that a quiet rail costs one step a minute.
  dispatchRunMs: 60_000,
  handoverMs: 30_000,
  overdueGraceMs: 20_000,
  sweepEveryMs: 20_000,
  deliverMaxMs: 60_000,
  deliveryPauseFirstMs: 5_000,
  // The longest of those pauses: a receiver that works again gets its notices within minutes.
  deliveryPauseMaxMs: 300_000,
  // A tenant with a transfer a minute has one run of its delivery, and not one for each.
  deliveryLingerMs: 45_000,
  housekeepMaxMs: 600_000,
  statementsEveryMs: 20_000,
  statementsBudgetMs: 120_000,
  statementsMaxMs: 600_000,
  // An ordinary statement takes milliseconds, one of 100,000 postings a minute.
  statementsLeaseMs: 300_000,
  statementsWaitMaxMs: 600_000,
  // What is changed in the database before it was archived, nobody can prove.
  archiveEveryMs: 300_000,
  archiveMaxMs: 600_000,
};

/**
 * The waits of an input. A workflow may be older than a wait: what its input lacks has its default, because a
 * dispatcher or a delivery lives for months and was started by the version of its first day.
 */
export const waitsOf = ({ waits = {} }: { waits?: Partial<Waits> }): Waits => ({ ...defaultWaits, ...waits });

/** The waits as an input carries them: those that differ from their defaults, so that a person who opens a run sees what it is about. */
export const changedWaits = (waits: Waits): Partial<Waits> =>
  Object.fromEntries(Object.entries(waits).filter(([name, ms]) => defaults.get(name) !== ms));

const defaults = new Map(Object.entries(defaultWaits));
