import { toPublic } from '../../domain/ids.ts';
import type { EndpointRow } from '../../ledger/read/webhook-endpoints.ts';

/** An endpoint as its tenant sees it. */
export const viewOfEndpoint = (row: EndpointRow) => ({
  id: toPublic('webhookEndpoint', row.id),
  object: 'webhook_endpoint' as const,
  url: row.url,
  description: row.description,
  event_types: row.eventTypes,
  status: row.status,
  disabled_reason: row.disabledReason,
  old_secret_until: row.oldSecretUntil && row.oldSecretUntil > new Date() ? row.oldSecretUntil.toISOString() : null,
  version: row.version,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
