import type { Uuid } from '../../domain/ids.ts';
import { areWithin } from '../../domain/network.ts';
import { ok } from '../../domain/result.ts';
import { type Scope, scopes } from '../../domain/scope.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import type { Caller } from '../http/operation.ts';
import { authorize, defaultRateLimit } from '../http/request/authenticate.ts';

/** What a new key may do; null does not restrict. */
export type GivenTerms = {
  scopes: readonly string[];
  rateLimit: number | null;
  accountIds: readonly Uuid[] | null;
  amountMax: bigint | null;
  addresses: readonly string[] | null;
  expiresAt: Date | null;
};

/** What is left out of a new key is as in the key that makes it: it is never wider by silence. */
export const withDefaultsOf = (caller: Caller, terms: GivenTerms): GivenTerms => ({
  scopes: terms.scopes,
  rateLimit: terms.rateLimit ?? (caller.rateLimit < defaultRateLimit ? caller.rateLimit : null),
  accountIds: terms.accountIds ?? caller.accountIds,
  amountMax: terms.amountMax ?? caller.amountMax,
  addresses: terms.addresses ?? caller.addresses,
  expiresAt: terms.expiresAt ?? caller.expiresAt,
});

/** A key gives nothing that it does not have: no scope, no rate, no time, no account, no amount and no address. Refusal: `forbidden`. */
export function mayGive(caller: Caller, terms: GivenTerms): HttpResult<null> {
  const unknown = terms.scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined) return refused('forbidden', { detail: `This needs the scope ${unknown}.` });
  for (const scope of terms.scopes.filter(isScope)) {
    const may = authorize(caller, scope);
    if (!may.ok) return may;
  }
  const detail = limits.map((limit) => limit(caller, terms)).find((sentence) => sentence !== null);
  return detail === undefined ? ok(null) : refused('forbidden', { detail });
}

const isScope = (scope: string): scope is Scope => scopes.some((one) => one === scope);

/** One sentence for each restriction that the new key would exceed. */
const limits: ((caller: Caller, terms: GivenTerms) => string | null)[] = [
  ({ rateLimit }, terms) =>
    (terms.rateLimit ?? Math.min(defaultRateLimit, rateLimit)) > rateLimit
      ? `This key may make ${rateLimit} requests a second, and cannot grant more.`
      : null,
  ({ accountIds }, terms) =>
    accountIds !== null && !(terms.accountIds?.every((id) => accountIds.includes(id)) ?? false)
      ? 'This key is restricted to accounts, and cannot grant others.'
      : null,
  ({ amountMax }, terms) =>
    amountMax !== null && (terms.amountMax === null || terms.amountMax > amountMax)
      ? `This key may move at most ${amountMax} minor units in one request, and cannot grant more.`
      : null,
  ({ addresses }, terms) =>
    addresses !== null && !(terms.addresses !== null && areWithin(terms.addresses, addresses))
      ? 'This key is restricted to addresses, and cannot grant others.'
      : null,
  ({ expiresAt }, terms) =>
    expiresAt !== null && (terms.expiresAt === null || terms.expiresAt > expiresAt)
      ? `This key ends at ${expiresAt.toISOString()}, and cannot make one that ends later.`
      : null,
];
