import { ok } from '../../domain/result.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { etagOf, expectedVersion } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { refuseReadOnly } from '../http/read-only.ts';
import { endpointPath, endpointReadOnly, webhookEndpoint, webhookEndpointChange } from './schema.ts';
import { checkUrl } from './url.ts';
import { viewOfEndpoint } from './view.ts';

/** `PATCH /v1/webhook-endpoints/{id}`: changes, disables or enables an endpoint. Harmless to repeat. */
export const changeWebhookEndpoint = operation({
  id: 'changeWebhookEndpoint',
  summary: 'Change a webhook endpoint',
  description:
    'What `GET` gave may be sent back as it is, changed where you like. With `If-Match`, or with the `version` that was read, it is done only if nobody changed the endpoint since, else 412. What is due while it is disabled is kept for 30 days, up to about 100,000 notices, and sent when it is enabled again. Enabling it, or another `url`, starts it over: it ends a pause, and gives every notice that waits all its tries.',
  params: endpointPath,
  body: webhookEndpointChange,
  status: 200,
  success: 'The endpoint as it is now.',
  hasETag: true,
  response: webhookEndpoint,
  refusals: ['not_found', 'precondition_failed'],
  takesIfMatch: true,
  run: async ({ params, body, caller, ifMatch }, deps) => {
    const before = await readEndpoint(deps.reader, caller.tenantId, params.id);
    if (!before) return refused('not_found');
    const same = refuseReadOnly(body, viewOfEndpoint(before), endpointReadOnly);
    if (!same.ok) return same;
    const url = body.url === undefined ? ok(null) : checkUrl(body.url, deps.webhookUrls);
    if (!url.ok) return url;
    const answer = await deps.ledger.changeEndpoint({
      id: params.id,
      tenantId: caller.tenantId,
      url: url.value,
      description: body.description,
      eventTypes: body.event_types,
      status: body.status ?? null,
      reason: body.status === 'disabled' ? 'Disabled by request.' : null,
      version: expectedVersion(ifMatch, body.version),
      actor: caller.actor,
    });
    if (answer === 'changed_since') return refused('precondition_failed');
    if (body.status === 'enabled') deps.wakeDelivery(params.id);
    const row = answer === 'ok' ? await readEndpoint(deps.reader, caller.tenantId, params.id) : null;
    return row ? found(viewOfEndpoint(row), etagOf(row.version)) : refused('not_found');
  },
});
