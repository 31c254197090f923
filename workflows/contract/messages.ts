import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { ReserveOutcome } from '../../domain/reservation.ts';
import type { TransferRequest, TransferState } from '../../domain/transfer.ts';
import type { Waits } from './waits.ts';

/**
 * What a workflow is started with, what it can be sent while it runs, and what it returns. Everything here is JSON: amounts
 * and figures are strings, ids are UUIDs, times are RFC 3339 UTC or milliseconds.
 */

/** A group has at most this many members, and at most this many bytes of encoded members. */
export const groupLimits = {
  // More would make one call of the ledger, and its locks, too long.
  members: 500,
  // Half of what Temporal accepts as the payloads of one request (2 MiB).
  bytes: 1_048_576,
} as const;

/** First argument of `transferGroup`. Its members come after it, each an argument of its own. */
export type TransferGroupInput = { groupId: Uuid; rail: RailName; waits: Partial<Waits> };

/** Signature of `transferGroup`, for a typed start. */
export type TransferGroup = (input: TransferGroupInput, ...requests: TransferRequest[]) => Promise<void>;

/** First argument of `dueGroup`; the second is the ids of the rows that were taken. `probe`: its one member tests whether a rail works again. */
export type DueGroupInput = { groupId: Uuid; rail: RailName; probe: boolean; waits: Partial<Waits> };

/** Signature of `dueGroup`, for a typed start. */
export type DueGroup = (input: DueGroupInput, ids: Uuid[]) => Promise<void>;

/** Input of `inquiry/<id>`. `story` is carried over a continue-as-new: what an operator reads. `isSearchable`: false where Temporal does not know our search attributes. */
export type InquiryInput = {
  transferId: Uuid;
  tenantId: Uuid;
  rail: NetworkName;
  waits: Partial<Waits>;
  story?: string[];
  isSearchable?: false;
};

/** The state in which the transfer no longer waits for an answer. */
export type InquiryResult = { state: TransferState };

export type DispatchInput = { rail: RailName; waits: Partial<Waits> };
export type SweepInput = { waits: Partial<Waits> };
export type HousekeepingInput = { waits: Partial<Waits> };
export type DeliveryInput = { endpointId: Uuid; waits: Partial<Waits> };
export type StatementRunsInput = { waits: Partial<Waits> };
export type ArchivingInput = { waits: Partial<Waits> };

/**
 * What one run put into the archive. `copied`: the segment whose checkpoint it put into the second store; null: none was due, or it failed.
 * `published`: how many tenants it told a checkpoint.
 */
export type ArchivingResult = { segments: number; records: number; copied: number | null; published: number };

/**
 * Input of `statements/<tenant>/<month>`. `month` is yyyy-mm, or null for what was asked for and for final ones. `counts`, after a
 * continue-as-new: every account of the month has its statement cut, and so far it was.
 */
export type StatementRunInput = {
  tenantId: Uuid;
  month: string | null;
  waits: Partial<Waits>;
  counts?: StatementCounts;
};

/** How many statements a month has, how many of them are ready, how many need attention, and its pace: statements a minute, null for as fast as possible. */
export type StatementCounts = { accounts: number; ready: number; attention: number; pace: number | null };

/** What a run came to. `left` were not made; `attention` of them need a person, so that the month is not closed. */
export type StatementRunResult = { made: number; left: number; attention: number };

/** Where a run stands. `accounts`: the statements of the month, 0 before the cut and on request. `made` by this run. `pace`: a minute; null: free. */
export type StatementRunProgress = {
  status: 'waiting' | 'cutting' | 'making' | 'closing';
  accounts: number;
  ready: number;
  made: number;
  left: number;
  attention: number;
  pace: number | null;
};

/**
 * What one member of a group is answered: what the ledger says of it, or why nothing is known or stored.
 * `internal_error`: a check failed, nothing was written. `undecided`: the ledger did not answer in time, or is too busy, and
 * the group goes on with it, so only a repeated request gets the result.
 */
export type ReserveAnswer = ReserveOutcome | { id: Uuid; tenantId: Uuid; result: 'internal_error' | 'undecided' };

/** The answer of a member of whom the ledger says nothing. */
export const withoutOutcome = (
  result: 'undecided' | 'internal_error',
  { id, tenantId }: Pick<TransferRequest, 'id' | 'tenantId'>,
): ReserveAnswer => ({ id, tenantId, result });

/** Waits for the group's first step and returns its answers, one per member. Its update id is always {@link acceptUpdateId}. */
export const acceptUpdate = defineUpdate<ReserveAnswer[], []>('accept');
export const acceptUpdateId = 'accept';

/** To `delivery/<id>`: there is a new notice. */
export const wakeSignal = defineSignal('wake');

/** To `statements/<tenant>/…`: there is a statement to make, or the pace of the run was changed. */
export const lookSignal = defineSignal('look');
/** Of `statements/<tenant>/…`: where it stands. */
export const progressQuery = defineQuery<StatementRunProgress>('progress');
