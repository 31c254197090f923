import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { created, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { etagOf } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { newlyMadeWebhookEndpoint, newWebhookEndpoint } from './schema.ts';
import { newSigningSecret } from './signing-secret.ts';
import { checkUrl } from './url.ts';
import { viewOfEndpoint } from './view.ts';

/** `POST /v1/webhook-endpoints`: later events of the tenant are sent to this address. */
export const createWebhookEndpoint = operation({
  id: 'createWebhookEndpoint',
  summary: 'Make a webhook endpoint',
  description:
    'Every event from now on, or those of `event_types`, is sent there, signed with the secret, which is shown once. A repeated request cannot show it again: with the same `Idempotency-Key` it answers 409. At most 20 a tenant.',
  body: newWebhookEndpoint,
  status: 201,
  success: 'The endpoint, with its signing secret: the only time that it is shown.',
  hasETag: true,
  response: newlyMadeWebhookEndpoint,
  refusals: ['state_conflict', 'idempotency_key_reused'],
  run: async (input, deps) => {
    const { body, caller } = input;
    const url = checkUrl(body.url, deps.webhookUrls);
    if (!url.ok) return url;
    const secret = newSigningSecret();
    const outcome = await deps.ledger.createEndpoint({
      id: uuidV7(),
      tenantId: caller.tenantId,
      url: url.value,
      description: body.description ?? null,
      secret,
      eventTypes: body.event_types,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'limit') {
      return refused('state_conflict', { detail: 'There are 20 webhook endpoints already; delete one first.' });
    }
    const { id } = outcome;
    if (outcome.result === 'replayed') {
      return refused('state_conflict', {
        conflict: { thing: 'webhook_endpoint', id: toPublic('webhookEndpoint', id) },
        detail: `This request made ${toPublic('webhookEndpoint', id)} before, and its secret was shown then, once. If it is lost, delete that endpoint and make another under a new Idempotency-Key.`,
      });
    }
    const row = await readEndpoint(deps.reader, caller.tenantId, id);
    check(row, 'a new endpoint exists');
    const location = `/v1/webhook-endpoints/${toPublic('webhookEndpoint', id)}`;
    return created({ ...viewOfEndpoint(row), secret }, { Location: location, ...etagOf(row.version) });
  },
});
