import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { etagOf } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { endpointPath, webhookEndpoint } from './schema.ts';
import { viewOfEndpoint } from './view.ts';

/** `GET /v1/webhook-endpoints/{id}`. */
export const getWebhookEndpoint = operation({
  id: 'getWebhookEndpoint',
  summary: 'Read a webhook endpoint',
  description: 'The endpoint without its signing secret.',
  params: endpointPath,
  status: 200,
  success: 'The endpoint.',
  hasETag: true,
  response: webhookEndpoint,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readEndpoint(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfEndpoint(row), etagOf(row.version)) : refused('not_found');
  },
});
