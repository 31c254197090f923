import { once } from '../../../concurrency/once.ts';
import { isInNetwork } from '../../../domain/network.ts';
import { ok } from '../../../domain/result.ts';
import { type Scope, scopes } from '../../../domain/scope.ts';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';
import { isSealed } from '../../../ledger/access/seal.ts';
import { type HttpResult, refused } from '../answer.ts';
import type { Caller } from '../operation.ts';

/** Finds the caller of a request by its `Authorization` header. Refusal: `unauthorized`, without saying why. */
export type Authenticate = (header: string | undefined) => Promise<HttpResult<Caller>>;

/** Requests a second for a key without its own limit. */
export const defaultRateLimit = 100;
/** Requests a second for all keys of a tenant without its own limit. */
const defaultTenantRateLimit = 1_000;

/** Every key is in this form; another text is refused without a look-up. */
const bearerForm = /^Bearer +([\x21-\x7e]{1,64})$/i;

/**
 * Authenticates by the owner of the secret. A secret that somebody made up has no valid checksum and is refused without a look-up
 * (docs/adr/0029-keys-carry-a-checksum.md). Throws what the look-up throws, and when too many keys wait for theirs.
 */
export function createAuthenticate(
  ownerOf: (secret: string) => Promise<KeyOwner | null>,
  readSeal: () => Promise<Buffer>,
): Authenticate {
  const sealOf = once(readSeal);
  return async (header) => {
    const secret = bearerForm.exec(header ?? '')?.[1];
    const isOurs = secret !== undefined && isSealed(secret, await sealOf());
    const owner = isOurs ? await ownerOf(secret) : null;
    return owner && isLive(owner) ? ok(toCaller(owner)) : unauthorized;
  };
}

const unauthorized = refused('unauthorized');

const isLive = (owner: KeyOwner): boolean =>
  owner.revokedAt === null && (owner.expiresAt === null || Date.parse(owner.expiresAt) > Date.now());

const toCaller = (owner: KeyOwner): Caller => ({
  keyId: owner.id,
  keyName: owner.name,
  tenantId: owner.tenantId,
  tenantName: owner.tenantName,
  scopes: scopes.filter((scope) => owner.scopes.includes(scope)),
  rateLimit: owner.rateLimit ?? defaultRateLimit,
  tenantRateLimit: owner.tenantRateLimit ?? defaultTenantRateLimit,
  expiresAt: owner.expiresAt === null ? null : new Date(owner.expiresAt),
  accountIds: owner.accountIds,
  amountMax: owner.amountMax === null ? null : BigInt(owner.amountMax),
  addresses: owner.addresses,
  isDisabled: owner.tenantDisabledAt !== null,
  actor: `api_key:${owner.id}`,
});

/**
 * Whether the key is taken at all: its tenant is not disabled, and it is used from where it may be. Refusals: `tenant_disabled`,
 * `address_not_allowed`.
 */
export function admit({ isDisabled, addresses }: Caller, address: string | null): HttpResult<null> {
  if (isDisabled) return refused('tenant_disabled');
  const isAllowed =
    addresses === null || (address !== null && addresses.some((network) => isInNetwork(address, network)));
  return isAllowed
    ? ok(null)
    : refused('address_not_allowed', { detail: `This key is not taken from ${address ?? 'an unknown address'}.` });
}

/** Whether the caller may do what needs this scope; null needs only a key. Refusal: `forbidden`. */
export const authorize = (caller: Caller, scope: Scope | null): HttpResult<null> =>
  scope === null || caller.scopes.includes(scope)
    ? ok(null)
    : refused('forbidden', { detail: `This needs the scope ${scope}.` });
