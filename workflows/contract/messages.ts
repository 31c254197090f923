import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BalanceReading } from '../../domain/account.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { FirstEvent, TransferRequest, TransferState } from '../../domain/transfer.ts';

/**
 * What the rest of the platform may say to a workflow, and what it hears back: inputs, the update, signals, ids, task
 * queues, search attributes. The API and the activities import this file and nothing else of `workflows/`. Everything here
 * is JSON: amounts and figures are strings, ids are UUIDs, times are RFC 3339 UTC or milliseconds.
 */

/** Names under which Temporal knows the workflows; each is an export of `workflows/index.ts`. */
export const workflowTypes = {
  transferGroup: 'transferGroup',
  transfer: 'transfer',
  drain: 'drain',
  watch: 'watch',
  housekeeping: 'housekeeping',
  delivery: 'delivery',
} as const;

/** One queue per worker role. A rail's queue carries only its `submit` and `inquire`. */
export const taskQueues = {
  groups: 'groups',
  follow: 'follow',
  delivery: 'delivery',
  rail: (rail: RailName) => `rail-${rail}`,
} as const;

/** Workflow ids are what an operator types: public ids in them, never a customer's data. Each takes the UUID. */
export const groupWorkflowId = (rail: RailName, groupId: Uuid): string => `group/${rail}/${toPublic('group', groupId)}`;
export const transferWorkflowId = (transferId: Uuid): string => `transfer/${toPublic('transfer', transferId)}`;
export const drainWorkflowId = (rail: RailName): string => `drain/${rail}`;
export const deliveryWorkflowId = (endpointId: Uuid): string => `delivery/${toPublic('endpoint', endpointId)}`;

export const scheduleIds = { watch: 'watch', housekeeping: 'housekeeping' } as const;

/** What an operator may search `transfer/<id>` workflows by. None holds personal data. */
export const searchAttributes = {
  transferStatus: defineSearchAttributeKey('TransferStatus', SearchAttributeType.KEYWORD),
  rail: defineSearchAttributeKey('Rail', SearchAttributeType.KEYWORD),
  tenantId: defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD),
  needsAttention: defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL),
} as const;

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

/** A group has at most this many members, and at most this many bytes of encoded members. */
export const groupLimits = { members: 500, bytes: 1_048_576 } as const;

/**
 * First start argument of `transferGroup`; the members follow as arguments of their own: whole requests when the group
 * comes from the intake, ids when a drain took them. `probe`: its one member asks whether a closed rail is back.
 */
export type GroupInput = {
  groupId: Uuid;
  rail: RailName;
  origin: 'intake' | 'drain';
  probe?: boolean;
  waits: Partial<Waits>;
};

/** Signature of the group workflow, for a typed start. */
export type TransferGroup = (input: GroupInput, ...members: TransferRequest[] | Uuid[]) => Promise<void>;

/** Input of `transfer/<id>`. `story` is carried over a continue-as-new: what an operator reads. */
export type TransferInput = {
  transferId: Uuid;
  tenantId: Uuid;
  rail: NetworkName;
  waits: Partial<Waits>;
  story?: string[];
};

/** How `transfer/<id>` ended: the state in which the row no longer waits for an answer. */
export type TransferEnd = { state: TransferState };

export type DrainInput = { rail: RailName; waits: Partial<Waits> };
export type WatchInput = { waits: Partial<Waits> };
export type HousekeepingInput = { waits: Partial<Waits> };
export type DeliveryInput = { endpointId: Uuid; waits: Partial<Waits> };

/**
 * What became of one member of a group. `decided`: by this request. `replayed`: its key belongs to the same request, made
 * before. `key_reused`: its key belongs to another. `too_old`: nothing was stored. `internal_error`: a check of ours
 * failed, nothing was written. `undecided`: no word from the ledger in time; it is still being worked on, so only a
 * repeated request tells. The ledger being too busy is `undecided` too: the group tries again.
 */
export type ReserveAnswer = {
  id: Uuid;
  tenantId: Uuid;
  result: 'decided' | 'replayed' | 'key_reused' | 'too_old' | 'internal_error' | 'undecided';
  transferId: Uuid | null;
  entryId: Uuid | null;
  fingerprint: string | null;
  event: FirstEvent | null;
  /** New balances of the accounts that the request names; empty when nothing was changed. */
  balances: BalanceReading[];
};

/** Waits for the group's first step and returns its outcomes, one per member. Its update id is always {@link acceptUpdateId}. */
export const acceptUpdate = defineUpdate<ReserveAnswer[], []>('accept');
export const acceptUpdateId = 'accept';

/** To `delivery/<id>`: there is something to tell now. */
export const wakeSignal = defineSignal('wake');
