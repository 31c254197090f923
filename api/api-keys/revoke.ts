import { done, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { apiKeyPath } from './schema.ts';

/** `DELETE /v1/api-keys/{id}`: revokes a key permanently. It stops working within a second; its record stays. */
export const revokeApiKey = operation({
  summary: 'Revoke an API key',
  description: 'Final; harmless to repeat. To rotate without a gap, make the new key first.',
  params: apiKeyPath,
  status: 204,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const { tenantId, actor } = caller;
    return (await deps.ledger.revokeApiKey({ id: params.id, tenantId, actor })) ? done() : refused('not_found');
  },
});
