import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';
import { newSecret } from '../../ledger/access/seal.ts';
import { readVersions } from '../../ledger/read/balance.ts';
import { type HttpRefusal, refused } from '../http/answer.ts';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { type Caller, operation } from '../http/operation.ts';
import { type GivenTerms, mayGive, withDefaultsOf } from './may-give.ts';
import { answerNewKey } from './new-key.ts';
import { newApiKey, newlyMadeApiKey } from './schema.ts';

/** `POST /v1/api-keys`: makes a key and shows its secret once. */
export const createApiKey = operation({
  id: 'createApiKey',
  summary: 'Make an API key',
  description:
    'The secret is shown once and not stored, so a repeated request cannot show it again: with the same `Idempotency-Key` it answers 409, and the key that was made may be revoked. The new key has no scope, no higher rate, no later end and no wider restriction than the key of this request; what is left out is as in that key. At most 500 keys of a tenant work at a time.',
  body: newApiKey,
  status: 201,
  success: 'The key, with its secret: the only time that it is shown.',
  response: newlyMadeApiKey,
  refusals: ['state_conflict', 'idempotency_key_reused'],
  permit: async ({ caller, body }) => mayGive(caller, termsOf(caller, body)),
  run: async (input, deps) => {
    const { body, caller } = input;
    const { expiresAt, ...terms } = termsOf(caller, body);
    const unknown = unknownAccounts(
      body.account_ids ?? [],
      await readVersions(deps.reader, caller.tenantId, body.account_ids ?? []),
    );
    if (unknown.errors.length > 0) return refused('validation_failed', unknown);
    const secret = newSecret(await deps.ledger.readSeal());
    const outcome = await deps.ledger.createApiKey({
      ...terms,
      id: uuidV7(),
      tenantId: caller.tenantId,
      name: body.name,
      secret,
      expiresAt: expiresAt?.toISOString() ?? null,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    return answerNewKey(outcome, secret, caller, deps);
  },
});

const termsOf = (caller: Caller, body: z.infer<typeof newApiKey>): GivenTerms =>
  withDefaultsOf(caller, {
    scopes: body.scopes,
    rateLimit: body.rate_limit ?? null,
    accountIds: body.account_ids ?? null,
    amountMax: body.amount_max === undefined ? null : BigInt(body.amount_max),
    addresses: body.addresses ?? null,
    expiresAt: body.expires_at ?? null,
  });

/** A restriction to an account that the tenant does not have restricts to nothing, which nobody means. */
function unknownAccounts(
  ids: readonly string[],
  known: { accountId: string }[],
): Required<Pick<HttpRefusal, 'errors'>> {
  const errors = ids.flatMap((id, n) =>
    known.some(({ accountId }) => accountId === id)
      ? []
      : [{ pointer: `/account_ids/${n}`, code: 'invalid_value', message: 'must be an account of this tenant' }],
  );
  return { errors };
}
