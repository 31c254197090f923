import { randomBytes } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { created, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { newlyMadeWebhookEndpoint, newWebhookEndpoint } from './schema.ts';
import { checkUrl } from './url.ts';
import { viewOfEndpoint } from './view.ts';

/** 256 bits, as long as the HMAC's hash. */
const secretBytes = 32;

/** `POST /v1/webhook-endpoints`: every later event of the tenant is sent to this address. */
export const createWebhookEndpoint = operation({
  summary: 'Make a webhook endpoint',
  description:
    'Every event from now on is sent there, signed with the secret, which is shown once. A repeated request cannot show it again: with the same `Idempotency-Key` it answers 409. At most 20 a tenant.',
  body: newWebhookEndpoint,
  status: 201,
  response: newlyMadeWebhookEndpoint,
  refusals: ['state_conflict', 'idempotency_key_reused'],
  run: async (input, deps) => {
    const { body, caller } = input;
    const url = checkUrl(body.url, deps.webhookUrls);
    if (!url.ok) return url;
    const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`;
    const outcome = await deps.ledger.createEndpoint({
      id: uuidV7(),
      tenantId: caller.tenantId,
      url: url.value,
      description: body.description ?? null,
      secret,
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
        detail: `This request made ${toPublic('webhookEndpoint', id)} before, and its secret was shown then, once. If it is lost, delete that endpoint and make another under a new Idempotency-Key.`,
      });
    }
    const row = await readEndpoint(deps.reader, caller.tenantId, id);
    check(row, 'a new endpoint exists');
    const location = `/v1/webhook-endpoints/${toPublic('webhookEndpoint', id)}`;
    return created({ ...viewOfEndpoint(row), secret }, { Location: location });
  },
});
