import { randomBytes } from 'node:crypto';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { created, denied } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { madeId } from '../made-id.ts';
import { newlyMadeWebhookEndpoint, newWebhookEndpoint } from './schema.ts';
import { checkUrl } from './url.ts';
import { viewOfEndpoint } from './view.ts';

const secretBytes = 32;

/** `POST /v1/webhook-endpoints`: every later event of the tenant is told to this address. */
export const createWebhookEndpoint = endpoint({
  summary: 'Make a webhook endpoint',
  description:
    'Every event from now on is sent there, signed with the secret, which is shown once. A repeated request cannot show it again: with the same `Idempotency-Key` it answers 409. At most 20 a tenant.',
  body: newWebhookEndpoint,
  status: 201,
  gives: newlyMadeWebhookEndpoint,
  refusals: ['state_conflict'],
  run: async ({ body, caller, key }, deps) => {
    const url = checkUrl(body.url, { allowPrivate: deps.allowPrivateNotices });
    if (!url.ok) return url;
    const id = madeId({ tenantId: caller.tenantId, kind: 'webhook_endpoint', key });
    if (key !== null && (await readEndpoint(deps.reader, caller.tenantId, id))) {
      return denied('state_conflict', {
        detail: `The key made ${toPublic('endpoint', id)} before; its secret was shown then.`,
      });
    }
    const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`;
    const isMade = await deps.book.createEndpoint({
      id,
      tenantId: caller.tenantId,
      url: url.value,
      description: body.description ?? null,
      secret,
      actor: caller.actor,
    });
    if (!isMade)
      return denied('state_conflict', { detail: 'There are 20 webhook endpoints already; delete one first.' });
    const row = await readEndpoint(deps.reader, caller.tenantId, id);
    check(row, 'an endpoint that was made is there');
    const location = `/v1/webhook-endpoints/${toPublic('endpoint', id)}`;
    return created({ ...viewOfEndpoint(row), secret }, { Location: location });
  },
});
