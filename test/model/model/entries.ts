import type { RefusalCode } from '../../../domain/refusals.ts';
import { decide, repeated } from './keys.ts';
import { accountOf, largestCounter, type Model, post } from './model.ts';
import { closedUntilOf } from './periods.ts';
import type { ModelAccount, ModelLeg, NewEntry } from './terms.ts';

type Refusal = { code: RefusalCode; leg: number | null };

/**
 * What the ledger must decide about an entry without a transfer, written from docs/how-to/post-entries.md, ADR 0037 and the order of
 * refusals: the decision under its key, or what the first request under it made; `not_found` keeps nothing.
 */
export function postEntry(model: Model, request: NewEntry): string {
  const { id, key, body, reverses } = request;
  const purpose = { kind: 'entry', body, hold: null } as const;
  const again = repeated(model, key, purpose);
  if (again !== null) return again;
  const original = reverses === null ? null : model.entries.get(reverses);
  if (original === undefined) return 'not_found';
  const legs = original ? original.legs.map(turned) : (request.legs ?? []);
  const refusal = (original && reversalRefusal(original)) ?? dateRefusal(model, request) ?? refusalOf(model, legs);
  if (refusal) {
    return decide(model, key, { ...purpose, answer: [id, refusal.code, refusal.leg].join(' ').trim(), made: null });
  }
  for (const { debit, credit, amount } of legs) post(model, debit, credit, amount);
  if (original) original.isReversed = true;
  model.entries.set(id, { legs, reverses, isReversed: false });
  return decide(model, key, { ...purpose, answer: `${id} posted`, made: `entry ${id}` });
}

function dateRefusal(model: Model, { effectiveAt }: NewEntry): Refusal | null {
  const closedUntil = closedUntilOf(model);
  if (effectiveAt === null || closedUntil === null || effectiveAt >= closedUntil) return null;
  return { code: 'period_closed', leg: null };
}

const turned = ({ debit, credit, ...rest }: ModelLeg): ModelLeg => ({ ...rest, debit: credit, credit: debit });

function reversalRefusal({ reverses, isReversed }: { reverses: string | null; isReversed: boolean }): Refusal | null {
  if (reverses !== null) return { code: 'not_reversible', leg: null };
  return isReversed ? { code: 'already_reversed', leg: null } : null;
}

/** The first leg that is refused by itself; else what all legs together would do to an account. */
function refusalOf(model: Model, legs: ModelLeg[]): Refusal | null {
  for (const [i, leg] of legs.entries()) {
    const code = legRefusal(model, leg);
    if (code) return { code, leg: i + 1 };
  }
  const sums = sumsOf(legs);
  for (const code of ['amount_too_large', 'insufficient_funds'] as const)
    for (const [id, { debit, credit, leg }] of sums)
      if (goesTooFar[code](accountOf(model, id), debit, credit)) return { code, leg };
  return null;
}

function legRefusal(model: Model, leg: ModelLeg): RefusalCode | null {
  const [debit, credit] = [model.accounts.get(leg.debit), model.accounts.get(leg.credit)];
  if (!debit || !credit) return 'account_not_found';
  if (leg.debit === leg.credit) return 'same_account';
  const both = [debit, credit];
  if (both.some(({ kind }) => kind === 'clearing' || kind === 'suspense')) return 'account_kind_not_allowed';
  if (both.some(({ currency }) => currency !== leg.currency)) return 'currency_mismatch';
  if (both.some(({ status }) => status === 'closed')) return 'account_closed';
  return both.some(({ status }) => status === 'frozen') ? 'account_frozen' : null;
}

/** What the legs do to each account, with the first of them that names it, in the order of those. */
function sumsOf(legs: ModelLeg[]): Map<string, { debit: bigint; credit: bigint; leg: number }> {
  const sums = new Map<string, { debit: bigint; credit: bigint; leg: number }>();
  const sumOf = (id: string, leg: number) => {
    const sum = sums.get(id) ?? { debit: 0n, credit: 0n, leg };
    sums.set(id, sum);
    return sum;
  };
  for (const [i, { debit, credit, amount }] of legs.entries()) {
    sumOf(debit, i + 1).debit += amount;
    sumOf(credit, i + 1).credit += amount;
  }
  return sums;
}

const goesTooFar = {
  amount_too_large: ({ posted, held }: ModelAccount, debit: bigint, credit: bigint): boolean =>
    posted.debit + held.debit + debit > largestCounter || posted.credit + held.credit + credit > largestCounter,
  insufficient_funds: ({ overdraft, posted, held }: ModelAccount, debit: bigint, credit: bigint): boolean =>
    overdraft !== null && posted.credit - posted.debit - held.debit + credit - debit < -overdraft,
};
