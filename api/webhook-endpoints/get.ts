import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { endpointPath, webhookEndpoint } from './schema.ts';
import { viewOfEndpoint } from './view.ts';

/** `GET /v1/webhook-endpoints/{id}`. */
export const getWebhookEndpoint = operation({
  summary: 'Read a webhook endpoint',
  params: endpointPath,
  status: 200,
  response: webhookEndpoint,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readEndpoint(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfEndpoint(row)) : refused('not_found');
  },
});
