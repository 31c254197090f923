import { toPublic } from '../../domain/ids.ts';
import type { EndpointRow } from '../../ledger/read/webhook-endpoints.ts';

/** An endpoint as its tenant sees it. */
export const viewOfEndpoint = (row: EndpointRow) => ({
  id: toPublic('webhookEndpoint', row.id),
  object: 'webhook_endpoint' as const,
  url: row.url,
  description: row.description,
  status: row.status,
  disabled_reason: row.disabledReason,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
