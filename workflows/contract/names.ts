import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { RailName } from '../../domain/rail.ts';

/** The types of workflow; each is an export of `workflows/index.ts`. Names never change: runs are open under them. */
export const workflowTypes = {
  transferGroup: 'transferGroup',
  dueGroup: 'dueGroup',
  inquiry: 'inquiry',
  dispatch: 'dispatch',
  delivery: 'delivery',
  sweep: 'sweep',
  housekeeping: 'housekeeping',
  statementRuns: 'statementRuns',
  statementRun: 'statementRun',
  archiving: 'archiving',
} as const;

/** One queue per worker role. A rail's queue carries only its `submit` and `inquire`. */
export const taskQueues = {
  groups: 'groups',
  upkeep: 'upkeep',
  delivery: 'delivery',
  statements: 'statements',
  archive: 'archive',
  rail: (rail: RailName) => `rail-${rail}`,
} as const;

export const scheduleIds = {
  sweep: 'sweep',
  housekeeping: 'housekeeping',
  statements: 'statements',
  archive: 'archive',
} as const;

/** What an operator may search `inquiry/<id>` workflows by. None holds personal data. */
export const searchAttributes = {
  transferStatus: defineSearchAttributeKey('TransferStatus', SearchAttributeType.KEYWORD),
  rail: defineSearchAttributeKey('Rail', SearchAttributeType.KEYWORD),
  tenantId: defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD),
  needsAttention: defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL),
} as const;
