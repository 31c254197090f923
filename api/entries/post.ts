import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';
import { check } from '../../domain/check.ts';
import type { Leg } from '../../domain/entry.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { EntryCommand, EntryDecision, EntryOutcome } from '../../ledger/entries/post-entries.ts';
import type { Deps } from '../deps.ts';
import { type Answer, created, refused } from '../http/answer.ts';
import { keyReused } from '../http/idempotency-key.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import type { OperationInput } from '../http/operation.ts';
import { isRefusalCode, refusals } from '../http/refusals.ts';
import { tokenOf } from '../transfers/ledger-token.ts';
import type { newEntry } from './schema.ts';
import { viewAtPosting } from './view.ts';

/** What every entry that is asked for may say of itself. */
type Remarks = Pick<z.infer<typeof newEntry>, 'description' | 'effective_at' | 'metadata'>;
type Submitted = { input: OperationInput<unknown, null, Remarks> } & (
  | { legs: Leg[]; reversesId: null }
  | { legs: null; reversesId: Uuid }
);

/** Posts an entry, of legs or against another one, and answers with it or with why not. */
export async function postEntry(submitted: Submitted, deps: Deps): Promise<Answer> {
  const command = toCommand(submitted);
  const outcome = await deps.ledger.postEntry(command);
  switch (outcome.result) {
    case 'key_reused':
      return keyReused(outcome);
    case 'not_found':
    case 'archived':
      return refused(outcome.result);
    // The id was made a moment ago: if it is too old for the ledger, or lies ahead of it, a clock is wrong.
    case 'too_old':
      deps.alarms.raise('clocks_differ', { databaseIsAheadMs: deps.clockMs() }, 'a request');
      return refused('not_attempted');
    case 'decided':
    case 'replayed':
      return render(command, outcome, submitted, deps);
  }
}

function toCommand({ input, legs, reversesId }: Submitted): EntryCommand {
  const { body, caller, key, fingerprint } = input;
  check(key !== null, 'this operation needs a key');
  const common = {
    // With the current time: by default the package never goes back, and after a clock was set back its ids are in the future.
    id: uuidV7({ msecs: Date.now() }),
    tenantId: caller.tenantId,
    key,
    fingerprint,
    description: body.description ?? null,
    effectiveAt: body.effective_at?.toISOString() ?? null,
    metadata: body.metadata ?? {},
  };
  return legs === null ? { ...common, legs, reversesId } : { ...common, legs, reversesId };
}

type Decided = Extract<EntryOutcome, { result: 'decided' | 'replayed' }>;

async function render(command: EntryCommand, decision: Decided, { input }: Submitted, deps: Deps): Promise<Answer> {
  const replayed = { ...(decision.result === 'replayed' && { 'Idempotent-Replayed': 'true' }) };
  const id = toPublic('entry', decision.entryId);
  if (decision.refusal !== null) return toRefusal(id, decision.refusal, replayed);
  const legs = command.legs ?? decision.legs;
  check(legs, 'the ledger answers with the legs of a reversal');
  const token = await tokenAfter(decision, { input, legs }, deps);
  const { createdAt, effectiveAt } = decision;
  return created(viewAtPosting({ ...command, id: decision.entryId, legs, createdAt, effectiveAt }), {
    Location: `/v1/entries/${id}`,
    ...(token !== null && { 'Ledger-Token': token }),
    ...replayed,
  });
}

/** A replay changed nothing and has no balances, but its client has not seen the first answer. */
async function tokenAfter(
  { result, balances }: Decided,
  { input, legs }: Pick<Submitted, 'input'> & { legs: readonly Leg[] },
  deps: Deps,
): Promise<string | null> {
  if (result === 'decided') return toLedgerToken(input.versions, balances);
  const accountIds = [...new Set(legs.flatMap((leg) => [leg.debitAccountId, leg.creditAccountId]))];
  return tokenOf({ tenantId: input.caller.tenantId, accountIds, known: input.versions }, deps);
}

/** The same bytes for every repetition. */
function toRefusal(
  instance: string,
  { code, leg }: NonNullable<EntryDecision['refusal']>,
  headers: Record<string, string>,
): Answer {
  check(isRefusalCode(code), 'the ledger refused with a code that is not among its own');
  const { title } = refusals[code];
  return refused(code, { detail: leg === null ? title : `Leg ${leg}: ${title}`, instance, headers });
}
