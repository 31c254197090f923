import { listEndpoints } from '../../ledger/read/webhook-endpoints.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { endpointQuery, webhookEndpoint } from './schema.ts';
import { viewOfEndpoint } from './view.ts';

/** `GET /v1/webhook-endpoints`: newest first. */
export const getWebhookEndpoints = operation({
  id: 'listWebhookEndpoints',
  summary: 'List webhook endpoints',
  description: 'Newest first.',
  query: endpointQuery,
  status: 200,
  success: 'One page of endpoints.',
  response: listOf('WebhookEndpoints', webhookEndpoint),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listEndpoints(deps.reader, caller.tenantId, toPageRequest(query));
    return found(toList('webhook_endpoints', page, viewOfEndpoint));
  },
});
