import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { RailName } from '../../domain/rail.ts';

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

export const scheduleIds = { watch: 'watch', housekeeping: 'housekeeping' } as const;

/** What an operator may search `transfer/<id>` workflows by. None holds personal data. */
export const searchAttributes = {
  transferStatus: defineSearchAttributeKey('TransferStatus', SearchAttributeType.KEYWORD),
  rail: defineSearchAttributeKey('Rail', SearchAttributeType.KEYWORD),
  tenantId: defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD),
  needsAttention: defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL),
} as const;
