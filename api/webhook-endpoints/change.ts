import { ok } from '../../domain/result.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { endpointPath, webhookEndpoint, webhookEndpointChange } from './schema.ts';
import { checkUrl } from './url.ts';
import { viewOfEndpoint } from './view.ts';

/** `PATCH /v1/webhook-endpoints/{id}`: changes, disables or enables an endpoint. Harmless to repeat. */
export const changeWebhookEndpoint = operation({
  summary: 'Change a webhook endpoint',
  description:
    'What is due while it is disabled is kept for 30 days, up to about 100,000 notices, and sent when it is enabled again. Enabling it, or another `url`, starts it over: it ends a pause, and gives every notice that waits all its tries.',
  params: endpointPath,
  body: webhookEndpointChange,
  status: 200,
  response: webhookEndpoint,
  refusals: ['not_found'],
  run: async ({ params, body, caller }, deps) => {
    const url = body.url === undefined ? ok(null) : checkUrl(body.url, deps.webhookUrls);
    if (!url.ok) return url;
    const isChanged = await deps.ledger.changeEndpoint({
      id: params.id,
      tenantId: caller.tenantId,
      url: url.value,
      // Empty text, which no request may send, removes it.
      description: body.description === null ? '' : (body.description ?? null),
      status: body.status ?? null,
      reason: body.status === 'disabled' ? 'Disabled by request.' : null,
      actor: caller.actor,
    });
    const row = isChanged ? await readEndpoint(deps.reader, caller.tenantId, params.id) : null;
    return row ? found(viewOfEndpoint(row)) : refused('not_found');
  },
});
