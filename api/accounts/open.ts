import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';
import { toPublic } from '../../domain/ids.ts';
import { created, type HttpResult } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { etagOf } from '../http/if-match.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { type Caller, operation } from '../http/operation.ts';
import { authorize } from '../http/request/authenticate.ts';
import { account, newAccount } from './schema.ts';
import { viewAtOpening } from './view.ts';

type NewAccountBody = z.infer<typeof newAccount>;

/** `POST /v1/accounts`: opens an account; a repetition under the same key opens none and gets the same answer. */
export const openAccount = operation({
  id: 'openAccount',
  summary: 'Open an account',
  description:
    'The answer is the account as it was opened. With an `Idempotency-Key` the same request again gives the same answer, whatever happened to the account since.',
  body: newAccount,
  status: 201,
  success: 'The account as it was opened.',
  hasETag: true,
  hasLedgerToken: true,
  response: account,
  refusals: ['idempotency_key_reused'],
  permit: async ({ caller, body }) => mayOpen(caller, body),
  run: async (input, deps) => {
    const { body, caller } = input;
    const outcome = await deps.ledger.openAccount({
      id: uuidV7(),
      tenantId: caller.tenantId,
      name: body.name,
      kind: body.kind,
      currency: body.currency,
      overdraftLimit: body.overdraft_limit ?? null,
      reference: body.reference ?? null,
      metadata: body.metadata ?? {},
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    if (outcome.result === 'key_reused') return keyReused(outcome);
    // An account begins at version 0, so the token of a replay is never too new.
    const token = toLedgerToken(input.versions, [{ accountId: outcome.id, version: '0' }]);
    return created(viewAtOpening(outcome.id, body, new Date(outcome.createdAt)), {
      Location: `/v1/accounts/${toPublic('account', outcome.id)}`,
      ...etagOf(1),
      ...(token !== null && { 'Ledger-Token': token }),
      ...(outcome.result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
    });
  },
});

/** An account that may go below zero can create money: only administrators may open one. */
const mayOpen = (caller: Caller, { kind, overdraft_limit: limit }: NewAccountBody): HttpResult<null> =>
  authorize(caller, kind === 'funding' || (limit ?? '0') !== '0' ? 'accounts:admin' : null);
