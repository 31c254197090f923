import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { TransferRequest, TransferState } from '../../domain/transfer.ts';
import type { ReserveAnswer, StatementCounts } from './messages.ts';
import type { Waits } from './waits.ts';

/**
 * What the workflows ask of the activities: every step by its name, with its input and its result. A step's name is the
 * name under which Temporal records the activity, so it never changes. How long each may run, and how often, is in
 * `workflows/activity-table.ts`.
 */
export type Steps = GroupSteps & RailSteps & UpkeepSteps & DeliverySteps & StatementSteps & ArchiveSteps;

/** On the queue `groups`: what only the ledger does. */
export type GroupSteps = {
  reserveAtOnce(input: ReserveInput): Promise<ReserveAnswer[]>;
  reserve(input: ReserveInput): Promise<ReserveAnswer[]>;
  release(input: ReleaseInput): Promise<ReleaseResult>;
  takeDue(input: TakeDueInput): Promise<TakeDueResult>;
  putOff(input: PutOffInput): Promise<PutOffResult>;
};

/** On the queue of a rail: what calls its network. */
export type RailSteps = {
  submit(input: SubmitInput): Promise<SubmitResult>;
  inquire(input: InquireInput): Promise<InquireResult>;
};

/** On the queue `upkeep`: what starts and repairs other work. */
export type UpkeepSteps = {
  startInquiries(input: StartInquiriesInput): Promise<StartInquiriesResult>;
  repairOverdue(input: RepairOverdueInput): Promise<RepairOverdueResult>;
  housekeep(): Promise<HousekeepResult>;
};

/** On the queue `delivery`: what calls customers' webhook endpoints. */
export type DeliverySteps = {
  deliver(input: DeliverInput): Promise<DeliverResult>;
};

/** On the queue `statements`: what finds, cuts and makes statements. */
export type StatementSteps = {
  openStatementRuns(): Promise<OpenStatementRunsResult>;
  cutStatements(input: StatementMonth): Promise<CutStatementsResult>;
  makeStatements(input: MakeStatementsInput): Promise<MakeStatementsResult>;
  closeStatements(input: StatementMonth): Promise<CloseStatementsResult>;
};

/** On the queue `archive`: what puts commits into the archive, and its checkpoints out of our reach. */
export type ArchiveSteps = {
  archiveNext(): Promise<ArchiveNextResult>;
  copyCheckpoint(): Promise<CopyCheckpointResult>;
  publishCheckpoint(): Promise<PublishCheckpointResult>;
};

/** The members of a group to be decided, and how long their answers may be waited for, in milliseconds. */
export type ReserveInput = { groupId: Uuid; requests: TransferRequest[]; withinMs: number };

/** Rows that were taken when they were due, and the group that carries them. */
export type ReleaseInput = { groupId: Uuid; ids: Uuid[] };
/** Those that this group must now send to its rail. */
export type ReleaseResult = { submitting: Uuid[] };

/** `waits` are those that the dispatcher runs on. */
export type TakeDueInput = { rail: RailName; waits: Partial<Waits> };
/** The groups that one run started, and their members. */
export type TakeDueResult = { groups: number; transfers: number } & NewerWaits;

/** Members of a group that no worker of the rail took in time. They are due again after `nextInMs`. */
export type PutOffInput = { groupId: Uuid; rail: NetworkName; ids: Uuid[]; nextInMs: number };
/** Those whose outcome may be unknown and need an inquiry. */
export type PutOffResult = { toInquire: Uuid[] };

/** `ids` are `submitting` and carried by this group. */
export type SubmitInput = {
  groupId: Uuid;
  rail: NetworkName;
  ids: Uuid[];
  /** May send although the rail's breaker is open. */
  probe: boolean;
  /** After this long no new send begins. */
  budgetMs: number;
};
/** `left` were not reached and wait for another call; the outcome of those in `toInquire` may be unknown and need an inquiry. */
export type SubmitResult = { left: Uuid[]; toInquire: Uuid[] };

/** `waits` are those that the workflow runs on. */
export type InquireInput = { transferId: Uuid; rail: NetworkName; waits?: Partial<Waits> };
/**
 * An unknown transfer as it is now. `reply`: what the rail answered, or null when it was not asked (its time had not come,
 * or the row is no longer unknown). `waitMs`: how long until it should be asked next.
 */
export type InquireResult = {
  state: TransferState;
  attention: string | null;
  reply: string | null;
  waitMs: number;
} & NewerWaits;

/** `ids` may be unknown; those that are not are left alone. `waits` are for the workflows that are started. */
export type StartInquiriesInput = { ids: Uuid[]; waits: Partial<Waits> };
/** How many of them are unknown. */
export type StartInquiriesResult = { unknown: number };

export type RepairOverdueInput = { waits: Partial<Waits> };
/** How many rows were overdue, by their state, and how many webhook endpoints: all zero when nothing is overdue. */
export type RepairOverdueResult = { scheduled: number; submitting: number; unknown: number; endpoints: number };

/** Months that have their partitions ahead of this one, and months of the log of deliveries that were dropped. */
export type HousekeepResult = { monthsAhead: number; monthsDropped: number };

/** `waits` are those that the delivery runs on. */
export type DeliverInput = { endpointId: Uuid; waits?: Partial<Waits> };
/**
 * What one pass over an endpoint's notices did. `waitMs`: how long until the next may be sent; 0: more is due now; null: nothing
 * is left, or the endpoint takes no notices.
 */
export type DeliverResult = { delivered: number; failed: number; waitMs: number | null } & NewerWaits;

/** The runs that one round started, or found running. */
export type OpenStatementRunsResult = { runs: number };

export type StatementMonth = { tenantId: Uuid; month: string };

/** `waitMs`: how long until the month may be cut. `cut`: every account of it has its statement, or needs none. */
export type CutStatementsResult = { status: 'waiting'; waitMs: number } | ({ status: 'cut' } & StatementCounts);

/** `month` null: what was asked for, and final ones. `waits` are those that the run goes on. */
export type MakeStatementsInput = { tenantId: Uuid; month: string | null; waits?: Partial<Waits> };
/**
 * What one step made. `left`: how many can still be made, up to a bound. `waitMs`: how long until one of them can be taken; 0: one
 * can be taken now; null: none is left. `counts` of the month; null on request.
 */
export type MakeStatementsResult = {
  made: number;
  putOff: number;
  left: number;
  waitMs: number | null;
  counts: StatementCounts | null;
} & NewerWaits;

/** `closed`, or what is still not ready: `attention` of it waits for a person. */
export type CloseStatementsResult = { status: 'closed' } | { status: 'open'; left: number; attention: number };

/**
 * What one step put into the archive. `isMore`: there is more to put now; else there is nothing to do for `waitMs`, except for what is committed
 * meanwhile.
 */
export type ArchiveNextResult = { segments: number; records: number; isMore: boolean; waitMs: number | null };

/** `nothing`: none is due, or there is no second store. `failed`: it is tried again with the next run, and is an alarm when it is late. */
export type CopyCheckpointResult =
  | { status: 'nothing' }
  | { status: 'copied'; n: number }
  | { status: 'failed'; code: string };

/** How many tenants were told a checkpoint. What is left, or failed, is the next run's. */
export type PublishCheckpointResult = { tenants: number };

/**
 * The worker's waits, when they are not those that the workflow runs on: a workflow that lives for months takes over a
 * changed setting, or a wait that a new version added, with its next step.
 */
export type NewerWaits = { waits?: Waits };
