import { z } from 'zod';
import { type Leg, reversalRefusals } from '../../domain/entry.ts';
import type { Uuid } from '../../domain/ids.ts';
import { readIsEntryDetached, readKeptLegs } from '../../ledger/read/detached.ts';
import { readEntry } from '../../ledger/read/entries.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import { pathId } from '../http/fields.ts';
import { type Caller, operation } from '../http/operation.ts';
import { mayDebit } from './may-debit.ts';
import { postEntry } from './post.ts';
import { entry, remarks } from './schema.ts';

const newReversal = z
  .strictObject(remarks)
  .meta({ id: 'NewEntryReversal', description: 'What the new entry says of itself. The body may be left out.' });

/** `POST /v1/entries/{id}/reversal`: posts the entry's legs with their sides turned, once. */
export const reverseEntry = operation({
  id: 'reverseEntry',
  summary: 'Reverse an entry',
  description:
    'Posts a new entry with the same legs, their sides turned: once for an entry. An entry of a transfer is not reversed by itself, and a reversal is not reversed. The answer never changes for its key.',
  params: pathId('entry'),
  body: newReversal,
  bodyIsOptional: true,
  needsKey: true,
  status: 201,
  success: 'The new entry, with the legs turned.',
  hasLedgerToken: true,
  response: entry,
  refusals: ['not_found', 'archived', ...reversalRefusals, 'idempotency_key_reused'],
  permit: ({ params, caller }, deps) => mayTurn(params.id, caller, deps),
  run: (input, deps) => postEntry({ input, legs: null, reversesId: input.params.id }, deps),
});

/** What the entry credited is debited. Of one whose month is detached the legs are kept where somebody asked to reverse it before. */
async function mayTurn(id: Uuid, caller: Caller, deps: Deps): Promise<HttpResult<null>> {
  const { tenantId } = caller;
  const row = await readEntry(deps.reader, tenantId, id);
  const legs = row ? row.legs : await readKeptLegs(deps.reader, tenantId, id);
  if (legs !== null) return mayDebit(legs.map(turned), caller, deps);
  return refused((await readIsEntryDetached(deps.reader, tenantId, id)) ? 'archived' : 'not_found');
}

const turned = (leg: Leg): Leg => ({
  ...leg,
  debitAccountId: leg.creditAccountId,
  creditAccountId: leg.debitAccountId,
});
