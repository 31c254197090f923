import { toPublic } from '../../domain/ids.ts';
import type { ApiKeyRow } from '../../ledger/read/api-keys.ts';

/** A key as its tenant sees it. Without the secret, which is not stored. */
export const viewOfApiKey = (row: ApiKeyRow) => ({
  id: toPublic('apiKey', row.id),
  object: 'api_key' as const,
  name: row.name,
  last4: row.last4,
  scopes: row.scopes,
  rate_limit: row.rateLimit,
  account_ids: row.accountIds?.map((id) => toPublic('account', id)) ?? null,
  amount_max: row.amountMax?.toString() ?? null,
  addresses: row.addresses,
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  created_at: new Date(row.createdAt).toISOString(),
  created_by: row.createdBy === null ? null : toPublic('apiKey', row.createdBy),
  replaces_id: row.replacesId === null ? null : toPublic('apiKey', row.replacesId),
  last_used_at: row.lastUsedAt?.toISOString() ?? null,
});
