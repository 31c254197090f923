import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { newSecret } from '../../ledger/access/seal.ts';
import { readApiKey } from '../../ledger/read/api-keys.ts';
import { created, type HttpResult, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { type Caller, operation } from '../http/operation.ts';
import { authorize, defaultRateLimit } from '../http/request/authenticate.ts';
import { newApiKey, newlyMadeApiKey } from './schema.ts';
import { viewOfApiKey } from './view.ts';

/** `POST /v1/api-keys`: makes a key and shows its secret once. */
export const createApiKey = operation({
  summary: 'Make an API key',
  description:
    'The secret is shown once and not stored, so a repeated request cannot show it again: with the same `Idempotency-Key` it answers 409, and the key that was made may be revoked. The new key has no scope, no higher rate and no later end than the key of this request; what is left out is as in that key. At most 500 keys of a tenant work at a time.',
  body: newApiKey,
  status: 201,
  response: newlyMadeApiKey,
  refusals: ['state_conflict', 'idempotency_key_reused'],
  permit: async ({ caller, body }) => mayGive(caller, body),
  run: async (input, deps) => {
    const { body, caller } = input;
    const secret = newSecret(await deps.ledger.readSeal());
    const outcome = await deps.ledger.createApiKey({
      id: uuidV7(),
      tenantId: caller.tenantId,
      name: body.name,
      secret,
      scopes: body.scopes,
      rateLimit: body.rate_limit ?? (caller.rateLimit < defaultRateLimit ? caller.rateLimit : null),
      expiresAt: (body.expires_at ?? caller.expiresAt)?.toISOString() ?? null,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'creator_gone') return refused('unauthorized');
    if (outcome.result === 'limit')
      return refused('state_conflict', { detail: 'There are 500 keys that work already; revoke one first.' });
    const { id } = outcome;
    if (outcome.result === 'replayed') {
      return refused('state_conflict', {
        detail: `This request made ${toPublic('apiKey', id)} before, and its secret was shown then, once. If it is lost, revoke that key and make another under a new Idempotency-Key.`,
      });
    }
    const row = await readApiKey(deps.reader, caller.tenantId, id);
    check(row, 'a new key exists');
    const location = `/v1/api-keys/${toPublic('apiKey', id)}`;
    return created({ ...viewOfApiKey(row), secret }, { Location: location });
  },
});

/** A key can grant no scope, no rate and no time that it does not have. */
function mayGive(caller: Caller, body: z.infer<typeof newApiKey>): HttpResult<null> {
  for (const scope of body.scopes) {
    const may = authorize(caller, scope);
    if (!may.ok) return may;
  }
  if ((body.rate_limit ?? 0) > caller.rateLimit)
    return refused('forbidden', {
      detail: `This key may make ${caller.rateLimit} requests a second, and cannot grant more.`,
    });
  if (caller.expiresAt !== null && (body.expires_at ?? caller.expiresAt) > caller.expiresAt)
    return refused('forbidden', {
      detail: `This key ends at ${caller.expiresAt.toISOString()}, and cannot make one that ends later.`,
    });
  return ok(null);
}
