import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { NoApiKey } from '../../ledger/access/create-api-key.ts';
import type { MakeOutcome } from '../../ledger/access/idempotency-key.ts';
import { readApiKey } from '../../ledger/read/api-keys.ts';
import type { Deps } from '../deps.ts';
import { type Answer, created, refused } from '../http/answer.ts';
import { keyReused } from '../http/idempotency-key.ts';
import type { Caller } from '../http/operation.ts';
import { viewOfApiKey } from './view.ts';

/** The answer of a request that made a key: its secret is in the first answer alone. */
export async function answerNewKey(
  outcome: MakeOutcome | NoApiKey,
  secret: string,
  caller: Caller,
  deps: Deps,
): Promise<Answer> {
  if (outcome.result === 'key_reused') return keyReused(outcome);
  if (outcome.result === 'creator_gone') return refused('unauthorized');
  if (outcome.result === 'limit')
    return refused('state_conflict', { detail: 'There are 500 keys that work already; revoke one first.' });
  const id = toPublic('apiKey', outcome.id);
  if (outcome.result === 'replayed') {
    return refused('state_conflict', {
      conflict: { thing: 'api_key', id },
      detail: `This request made ${id} before, and its secret was shown then, once. If it is lost, revoke that key and make another under a new Idempotency-Key.`,
    });
  }
  const row = await readApiKey(deps.reader, caller.tenantId, outcome.id);
  check(row, 'a new key exists');
  return created({ ...viewOfApiKey(row), secret }, { Location: `/v1/api-keys/${id}` });
}
