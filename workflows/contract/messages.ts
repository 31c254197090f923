import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BalanceReading } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { FirstEvent, TransferRequest, TransferState } from '../../domain/transfer.ts';
import type { Waits } from './waits.ts';

/**
 * What a workflow is started with, what it can be sent while it runs, and what it returns. Everything here is JSON: amounts
 * and figures are strings, ids are UUIDs, times are RFC 3339 UTC or milliseconds.
 */

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
