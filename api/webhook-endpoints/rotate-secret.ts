import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { endpointPath, newlyMadeWebhookEndpoint, secretRotation } from './schema.ts';
import { newSigningSecret } from './signing-secret.ts';
import { viewOfEndpoint } from './view.ts';

/** `POST /v1/webhook-endpoints/{id}/secret/rotate`: another secret; for a while both sign. */
export const rotateSecret = operation({
  id: 'rotateWebhookEndpointSecret',
  summary: "Rotate a webhook endpoint's secret",
  description:
    'The new secret is shown once. Until `old_secret_until` each notice has two signatures in its `webhook-signature`, so a receiver verifies with either. A secret that was replaced before no longer signs. A repeated request cannot show the secret again: with the same `Idempotency-Key` it answers 409.',
  params: endpointPath,
  body: secretRotation,
  status: 200,
  success: 'The endpoint, with its new secret: the only time that it is shown.',
  response: newlyMadeWebhookEndpoint,
  refusals: ['not_found', 'state_conflict', 'idempotency_key_reused'],
  run: async (input, deps) => {
    const { params, body, caller } = input;
    const { tenantId, actor } = caller;
    const secret = newSigningSecret();
    const overlapMs = body.overlap_seconds * 1_000;
    const idempotencyKey = idempotencyKeyOf(input);
    const rotation = { id: params.id, tenantId, secret, overlapMs, actor, idempotencyKey };
    const outcome = await deps.ledger.rotateEndpointSecret(rotation);
    if (outcome.result === 'not_found') return refused('not_found');
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'replayed') {
      const conflict = { thing: 'webhook_endpoint' as const, id: toPublic('webhookEndpoint', params.id) };
      return refused('state_conflict', { conflict, detail: shownBefore });
    }
    const row = await readEndpoint(deps.reader, tenantId, params.id);
    check(row, 'an endpoint whose secret was rotated exists');
    return found({ ...viewOfEndpoint(row), secret });
  },
});

const shownBefore =
  'This request rotated the secret before, and the new one was shown then, once. If it is lost, rotate again under a new Idempotency-Key.';
