import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { RailName } from '../../domain/rail.ts';

/** Operators type workflow ids: they contain public ids, never a customer's data. Each takes the UUID. */
export const groupWorkflowId = (rail: RailName, groupId: Uuid): string => `group/${rail}/${toPublic('group', groupId)}`;
export const inquiryWorkflowId = (transferId: Uuid): string => `inquiry/${toPublic('transfer', transferId)}`;
export const dispatchWorkflowId = (rail: RailName): string => `dispatch/${rail}`;
export const deliveryWorkflowId = (endpointId: Uuid): string => `delivery/${toPublic('webhookEndpoint', endpointId)}`;
/** `month`: null for the run of a tenant's statements that were asked for, or are final ones. */
export const statementRunId = (tenantId: Uuid, month: string | null): string =>
  `statements/${toPublic('tenant', tenantId)}/${month ?? 'on-request'}`;
