import { v7 as uuidV7 } from 'uuid';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { newSecret } from '../../ledger/access/seal.ts';
import { readApiKey } from '../../ledger/read/api-keys.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { type Caller, operation } from '../http/operation.ts';
import { mayGive } from './may-give.ts';
import { answerNewKey } from './new-key.ts';
import { apiKeyPath, apiKeyRotation, newlyMadeApiKey, overlapSecondsDefault } from './schema.ts';

/** `POST /v1/api-keys/{id}/rotate`: a key that replaces another, while both work for the overlap. */
export const rotateApiKey = operation({
  id: 'rotateApiKey',
  summary: 'Rotate an API key',
  description:
    'Makes a key with the name, scopes and restrictions of the old one, shows its secret once, and lets the old one end after the overlap. Keys that the old one made stay. The key of this request must have all that the new one gets. A key that was replaced is not rotated again, so a repeated request makes no second one: with the same `Idempotency-Key` it answers 409 with the key that was made.',
  params: apiKeyPath,
  body: apiKeyRotation,
  status: 201,
  success: 'The key that replaces it, with its secret: the only time that it is shown.',
  response: newlyMadeApiKey,
  refusals: ['not_found', 'state_conflict', 'idempotency_key_reused'],
  permit: ({ params, body, caller }, deps) => mayRotate(params.id, body.expires_at ?? null, caller, deps),
  run: async (input, deps) => {
    const { params, body, caller } = input;
    const secret = newSecret(await deps.ledger.readSeal());
    const outcome = await deps.ledger.rotateApiKey({
      oldId: params.id,
      id: uuidV7(),
      tenantId: caller.tenantId,
      secret,
      expiresAt: body.expires_at?.toISOString() ?? null,
      overlapMs: (body.overlap_seconds ?? overlapSecondsDefault) * 1_000,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    switch (outcome.result) {
      case 'not_found':
        return refused('not_found');
      case 'ended':
        return refused('state_conflict', {
          detail: 'This key works no more, so nothing can replace it; make another.',
        });
      case 'replaced':
        return refused('state_conflict', {
          detail: `${toPublic('apiKey', outcome.id)} replaces this key already. If its secret is lost, revoke it and rotate again.`,
        });
      case 'made':
      case 'replayed':
      case 'key_reused':
      case 'limit':
      case 'creator_gone':
        return answerNewKey(outcome, secret, caller, deps);
    }
  },
});

/** Who rotates a key gets its successor's secret, so they must have all that it may do. An unknown key is the ledger's to refuse. */
async function mayRotate(id: Uuid, expiresAt: Date | null, caller: Caller, deps: Deps): Promise<HttpResult<null>> {
  const old = await readApiKey(deps.reader, caller.tenantId, id);
  if (old === null) return ok(null);
  // Without an end of its own the new key ends as the old one would have, and no later than the caller's: the ledger sees to it.
  return mayGive(caller, { ...old, expiresAt: expiresAt ?? caller.expiresAt });
}
