import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { created } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { bankAccount, newBankAccount } from './schema.ts';

/** `POST /account`: opens a customer's account without overdraft. A repetition under the same key opens none. */
export const openBankAccount = operation({
  id: 'openSimpleAccount',
  summary: 'Open an account of the simple bank',
  description: 'The same as `POST /v1/accounts`, with fewer fields: an account of the one is an account of the other.',
  body: newBankAccount,
  status: 201,
  success: 'The account as it was opened.',
  response: bankAccount,
  refusals: ['idempotency_key_reused'],
  run: async (input, deps) => {
    const { name, currency } = input.body;
    const outcome = await deps.ledger.openAccount({
      ...{ id: uuidV7(), tenantId: input.caller.tenantId, name, currency, kind: 'customer' },
      ...{ overdraftLimit: null, reference: null, metadata: {} },
      actor: input.caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    if (outcome.result === 'key_reused') return keyReused(outcome);
    const id = toPublic('account', outcome.id);
    return created(
      { account_id: id, name, currency, balance: '0' },
      {
        Location: `/v1/accounts/${id}`,
        ...(outcome.result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
      },
    );
  },
});
