import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { TransferRequest, TransferState } from '../../domain/transfer.ts';
import type { ReserveAnswer } from './messages.ts';
import type { Waits } from './waits.ts';

/**
 * What the workflows ask of the activities: every step by its name, with its input and its result. A step's name is the
 * name under which Temporal records the activity. How long each may run, and how often, stands in
 * `workflows/activity-table.ts`.
 */
export type Steps = GroupSteps & RailSteps & FollowSteps & DeliverySteps;

/** On the queue `groups`: what only the ledger does. */
export type GroupSteps = {
  reserveAtOnce(input: ReserveInput): Promise<ReserveAnswer[]>;
  reserve(input: ReserveInput): Promise<ReserveAnswer[]>;
  due(input: DueInput): Promise<DueResult>;
  takeDue(input: TakeDueInput): Promise<TakeDueResult>;
};

/** On the queue of a rail: what speaks with its network. */
export type RailSteps = {
  submit(input: SubmitInput): Promise<SubmitResult>;
  inquire(input: InquireInput): Promise<InquireResult>;
};

/** On the queue `follow`. */
export type FollowSteps = {
  follow(input: FollowInput): Promise<FollowResult>;
  repairOverdue(input: RepairOverdueInput): Promise<RepairOverdueResult>;
  housekeep(): Promise<HousekeepResult>;
};

/** On the queue `delivery`: what speaks with customers' webhook endpoints. */
export type DeliverySteps = {
  deliver(input: DeliverInput): Promise<DeliverResult>;
};

/** The members of a group to be decided, and how long their answers may be waited for, in milliseconds. */
export type ReserveInput = { groupId: Uuid; requests: TransferRequest[]; withinMs: number };

/** Due rows, and the group that carries them. */
export type DueInput = { groupId: Uuid; ids: Uuid[] };
/** Those that this group must now send to its rail. */
export type DueResult = { submitting: Uuid[] };

/** `waits` are those that the drain runs on. */
export type TakeDueInput = { rail: RailName; waits: Partial<Waits> };
/** The groups that one run started, and their members. */
export type TakeDueResult = { groups: number; transfers: number } & NewerWaits;

/** `ids` are `submitting` and carried by this group. After `budgetMs` no new send is begun. */
export type SubmitInput = {
  groupId: Uuid;
  rail: NetworkName;
  origin: 'intake' | 'drain';
  probe: boolean;
  ids: Uuid[];
  budgetMs: number;
};
/** `left` were not reached and wait for another call; `follow` may be unknown, so somebody must ask the rail. */
export type SubmitResult = { left: Uuid[]; follow: Uuid[] };

/** `waits` are those that the workflow runs on. */
export type InquireInput = { transferId: Uuid; rail: NetworkName; waits?: Partial<Waits> };
/**
 * Where an unknown transfer stands now. `said`: what the rail answered, or null when it was not asked (its time had not
 * come, or the row is no longer unknown). `waitMs`: how long until it should be asked next.
 */
export type InquireResult = {
  state: TransferState;
  attention: string | null;
  said: string | null;
  waitMs: number;
} & NewerWaits;

/**
 * `ids` may be unknown; those that are not are left alone. `waits` are for the workflows that are started. `unsent`: no
 * worker of the rail took these members of the group in time, so first they are put off.
 */
export type FollowInput = { ids: Uuid[]; waits: Partial<Waits>; unsent?: { groupId: Uuid; rail: NetworkName } };
/** How many of them are unknown. */
export type FollowResult = { unknown: number };

export type RepairOverdueInput = { waits: Partial<Waits> };
/** What one look of the watch found overdue, by where it stood: all zero when everything goes as it should. */
export type RepairOverdueResult = { scheduled: number; submitting: number; unknown: number; endpoints: number };

/** Months that have their partitions ahead of this one, and delivery rows that were deleted. */
export type HousekeepResult = { monthsAhead: number; deliveriesForgotten: number };

/** `waits` are those that the delivery runs on. */
export type DeliverInput = { endpointId: Uuid; waits?: Partial<Waits> };
/**
 * What one pass over an endpoint's notices did. `waitMs`: how long until the next is due; 0: more is due now; null: nothing
 * is left, or nobody is there to be told. `isDown`: the receiver took nothing lately, so even a new notice can wait.
 */
export type DeliverResult = { delivered: number; failed: number; waitMs: number | null; isDown: boolean } & NewerWaits;

/**
 * The worker's waits, when they are not those that the workflow runs on: a workflow that lives for months takes over a
 * changed setting, or a wait that a new version added, with its next step.
 */
type NewerWaits = { waits?: Waits };
