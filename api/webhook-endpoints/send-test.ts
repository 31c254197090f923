import { toPublic } from '../../domain/ids.ts';
import { accepted, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { endpointPath, testNotice } from './schema.ts';

/** `POST /v1/webhook-endpoints/{id}/test`: a notice that says nothing, to this endpoint alone. */
export const testWebhookEndpoint = operation({
  id: 'testWebhookEndpoint',
  summary: 'Send a test notice',
  description:
    'A notice of the type `webhook_endpoint.tested`, whatever the endpoint subscribed to, signed and retried as every other. What became of it is under `deliveries`. A repeated request sends another.',
  params: endpointPath,
  status: 202,
  success: 'The notice is due.',
  response: testNotice,
  refusals: ['not_found', 'state_conflict'],
  run: async ({ params, caller }, deps) => {
    const { tenantId, actor } = caller;
    const answer = await deps.ledger.testEndpoint({ id: params.id, tenantId, actor });
    if (answer !== 'ok') {
      return refused(
        answer,
        answer === 'state_conflict' ? { detail: 'The endpoint is disabled: enable it first.' } : {},
      );
    }
    deps.wakeDelivery(params.id);
    return accepted({
      object: 'test_notice',
      webhook_endpoint_id: toPublic('webhookEndpoint', params.id),
      type: 'webhook_endpoint.tested',
    });
  },
});
