import { lookup as lookupBySystem, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { hostOfContainer, isLoopback, isPublicAddress, type WebhookUrlRules } from '../../domain/webhook-url.ts';

/**
 * Keeps notices out of the internal network: a customer chooses the address, so it may name anything, and a name may resolve
 * to one host when it is checked and to another when it is used. So there are two checks: the URL before each try,
 * and its name, which is resolved, checked and connected to in one step, in the look-up of the connection.
 */
export type UrlRules = WebhookUrlRules & {
  /** Resolves a name. Every one of its addresses is checked. */
  resolve: (name: string) => Promise<string[]>;
};

/** The rules of a program. Throws nothing; the name is looked up when a connection is made. */
export const urlRules = ({ allowPrivate, ownPorts = [] }: WebhookUrlRules): UrlRules => ({
  allowPrivate,
  ownPorts,
  resolve: allowPrivate ? askTheSystem : askDns,
});

/** A name without an address, or with one that is not allowed. Its message names no address: customers read it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** A look-up for a connection: it returns the checked addresses, so there is no second look-up. */
export function createGuardedLookup(rules: Pick<UrlRules, 'allowPrivate' | 'resolve'>): LookupFunction {
  return (name, { all }, done) => void lookUp(name, { all: all === true, rules, done });
}

type LookUp = { all: boolean; rules: Pick<UrlRules, 'allowPrivate' | 'resolve'>; done: Parameters<LookupFunction>[2] };

async function lookUp(name: string, { all, rules, done }: LookUp): Promise<void> {
  let addresses: string[];
  try {
    addresses = await checkedAddresses(name, rules);
  } catch (error) {
    // The connection takes its errors by callback; there it becomes a failed try.
    done(error instanceof Error ? error : new AddressRefused('the name cannot be resolved'), []);
    return;
  }
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first] = found;
  if (all) done(null, found);
  else done(null, first?.address ?? '', first?.family);
}

/** A name with more addresses is not a receiver's; each address is checked. */
const addressesMax = 16;

async function checkedAddresses(
  name: string,
  { allowPrivate, resolve }: Pick<UrlRules, 'allowPrivate' | 'resolve'>,
): Promise<string[]> {
  const addresses = await resolve(name);
  if (addresses.length === 0) throw new AddressRefused('the name has no address');
  // One private address among public ones is enough to refuse.
  const mayBe = (address: string): boolean =>
    isPublicAddress(address) || (allowPrivate && (isLoopback(address) || name === hostOfContainer));
  if (!addresses.every(mayBe)) throw new AddressRefused('the address is not public');
  return addresses.slice(0, addressesMax);
}

/** A resolver answers within milliseconds; with the tries this is part of the request's timeout. */
const dnsTimeoutMs = 2_000;
/** One lost packet must not fail a try. */
const dnsTries = 2;

/** Queries DNS directly, in bounded time, without /etc/hosts and without the four threads that the process shares. */
async function askDns(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: dnsTimeoutMs, tries: dnsTries });
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

async function askTheSystem(name: string): Promise<string[]> {
  const found = await lookupBySystem(name, { all: true });
  return found.map(({ address }) => address);
}
