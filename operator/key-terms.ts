import { ExplainedError } from '../config/explain-error.ts';
import { amountForm } from '../domain/currency.ts';
import { fromPublic } from '../domain/ids.ts';
import { toNetwork } from '../domain/network.ts';
import { scopes } from '../domain/scope.ts';
import type { ApiKeyTerms } from '../ledger/access/create-api-key.ts';
import { limitOf } from './rate-limit.ts';

/** What a key may do, as the options of `operator key create` give it. */
export type KeyOptions = {
  name: string;
  scopes: string;
  rateLimit?: string;
  expires?: string;
  accounts?: string;
  amountMax?: string;
  addresses?: string;
};

/** The terms of a new key. Throws a sentence for what cannot be read. */
export const termsOf = (options: KeyOptions): ApiKeyTerms => ({
  name: options.name,
  scopes: scopesOf(options.scopes),
  rateLimit: limitOf(options.rateLimit),
  expiresAt: options.expires === undefined ? null : instantOf(options.expires, '--expires').toISOString(),
  accountIds: listOf(options.accounts, {
    countMax: 50,
    read: (text) => fromPublic('account', text),
    what: 'accounts (ac_…)',
  }),
  amountMax: amountOf(options.amountMax),
  addresses: listOf(options.addresses, { countMax: 20, read: toNetwork, what: 'networks such as 192.0.2.0/24' }),
});

/** A time in the future. Throws a sentence for another text. */
export function instantOf(text: string, option: string): Date {
  const instant = new Date(text);
  if (!(instant.getTime() > Date.now()))
    throw new ExplainedError(`${option} must be a time in the future, such as 2027-01-31T00:00:00Z.`);
  return instant;
}

function scopesOf(list: string): string[] {
  const wanted = list.split(',').map((scope) => scope.trim());
  const known: readonly string[] = scopes;
  const unknown = wanted.find((scope) => !known.includes(scope));
  if (unknown !== undefined)
    throw new ExplainedError(`There is no scope "${unknown}": the scopes are ${known.join(', ')}.`);
  return wanted;
}

type ListForm = { countMax: number; read: (text: string) => string | null; what: string };

function listOf(list: string | undefined, { countMax, read, what }: ListForm): string[] | null {
  if (list === undefined) return null;
  const members = list.split(',').map((member) => read(member.trim()));
  const known = members.filter((member) => member !== null);
  if (known.length < members.length || members.length > countMax)
    throw new ExplainedError(`The list must have ${what}, at most ${countMax}, separated by commas.`);
  return known;
}

function amountOf(text: string | undefined): bigint | null {
  if (text === undefined) return null;
  if (!amountForm.test(text)) throw new ExplainedError('--amount-max must be minor units: 1 to 18 digits.');
  return BigInt(text);
}
