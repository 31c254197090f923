import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { RailName } from '../../domain/rail.ts';

/** Workflow ids are what an operator types: public ids in them, never a customer's data. Each takes the UUID. */
export const groupWorkflowId = (rail: RailName, groupId: Uuid): string => `group/${rail}/${toPublic('group', groupId)}`;
export const transferWorkflowId = (transferId: Uuid): string => `transfer/${toPublic('transfer', transferId)}`;
export const drainWorkflowId = (rail: RailName): string => `drain/${rail}`;
export const deliveryWorkflowId = (endpointId: Uuid): string => `delivery/${toPublic('webhookEndpoint', endpointId)}`;
