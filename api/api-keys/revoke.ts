import { done, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { apiKeyPath, apiKeyRevocation } from './schema.ts';

/** `DELETE /v1/api-keys/{id}`: revokes a key permanently. It stops working within a second; its record stays. */
export const revokeApiKey = operation({
  id: 'revokeApiKey',
  summary: 'Revoke an API key',
  description:
    'Final; harmless to repeat. To replace a key without a gap, rotate it. With `with_children=true` every key that it made, they made, and so on is revoked too: for a key that was stolen. A key with `keys:admin` may revoke any key of its tenant, itself included.',
  params: apiKeyPath,
  query: apiKeyRevocation,
  status: 204,
  success: 'The key is revoked, now or before.',
  refusals: ['not_found'],
  run: async ({ params, query, caller }, { ledger }) => {
    const { tenantId, actor } = caller;
    const revoke = query.with_children === true ? ledger.revokeApiKeyFamily : ledger.revokeApiKey;
    return (await revoke({ id: params.id, tenantId, actor })) ? done() : refused('not_found');
  },
});
