import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { interimsPerDay } from '../../domain/statement.ts';
import { readStatement } from '../../ledger/read/statements.ts';
import type { Deps } from '../deps.ts';
import { created, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { noStorage } from './files.ts';
import { newStatement, statement } from './schema.ts';
import { viewAtCut } from './view.ts';

/** `POST /v1/statements`: an interim statement, from the end of the last numbered one to now. */
export const createStatement = operation({
  id: 'createStatement',
  summary: 'Ask for a statement',
  description: `Cuts an interim statement of an account: what was posted since its last numbered one. Its figures are final at once; its files are made within seconds, and \`status\` is then \`ready\`. Statements of months, and of an account that is closed, are made by themselves. While nothing was posted since the last one, that one is answered, as it was cut. At most ${interimsPerDay} a day and account, by UTC.`,
  body: newStatement,
  status: 201,
  success: 'The statement, cut. Or the last one, while nothing was posted since.',
  response: statement,
  refusals: ['not_found', 'account_kind_not_allowed', 'too_many_statements', 'idempotency_key_reused'],
  run: async (input, deps) => {
    const { body, caller } = input;
    if (deps.storage === null) return refused('not_attempted', { detail: noStorage });
    const outcome = await deps.ledger.requestStatement({
      id: uuidV7(),
      tenantId: caller.tenantId,
      accountId: body.account_id,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(input),
    });
    if (!outcome.ok) return toRefusal(outcome.refusal, deps);
    const row = await readStatement(deps.reader, caller.tenantId, outcome.value.id);
    check(row, 'what was cut is read');
    if (row.status === 'cut') deps.makeStatements(caller.tenantId);
    return created(viewAtCut(row), {
      Location: `/v1/statements/${toPublic('statement', row.id)}`,
      ...(outcome.value.result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
    });
  },
});

type Refusal = Extract<Awaited<ReturnType<Deps['ledger']['requestStatement']>>, { ok: false }>['refusal'];

function toRefusal(refusal: Refusal, { clockMs }: Pick<Deps, 'clockMs'>) {
  if (refusal.code === 'key_reused') return keyReused(refusal);
  if (refusal.code === 'not_found') return refused('not_found');
  if (refusal.code === 'account_kind') return refused('account_kind_not_allowed');
  const now = Date.now() + clockMs();
  return refused('too_many_statements', { retryAfterMs: dayMs - (now % dayMs) });
}

const dayMs = 86_400_000;
