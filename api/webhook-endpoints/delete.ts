import { done, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { endpointPath } from './schema.ts';

/** `DELETE /v1/webhook-endpoints/{id}`: deletes an endpoint and the notices that are due to it. */
export const deleteWebhookEndpoint = operation({
  id: 'deleteWebhookEndpoint',
  summary: 'Delete a webhook endpoint',
  description: 'Final; harmless to repeat. What was due to it is not sent.',
  params: endpointPath,
  status: 204,
  success: 'It is deleted, now or before.',
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const { tenantId, actor } = caller;
    return (await deps.ledger.deleteEndpoint({ id: params.id, tenantId, actor })) ? done() : refused('not_found');
  },
});
