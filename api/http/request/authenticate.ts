import { once } from '../../../concurrency/once.ts';
import type { Uuid } from '../../../domain/ids.ts';
import { isInNetwork } from '../../../domain/network.ts';
import { ok } from '../../../domain/result.ts';
import { type Scope, scopes } from '../../../domain/scope.ts';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';
import { isSealed } from '../../../ledger/access/seal.ts';
import type { RefusedSignInReason } from '../../access-log/refused-sign-ins.ts';
import { type HttpRefusal, type HttpResult, refused } from '../answer.ts';
import type { Caller } from '../operation.ts';

/** Who asks, or why nobody is let in. `reason` is for the access log, and no client gets it where the refusal does not say it. */
export type Admission =
  | { ok: true; value: Caller }
  | { ok: false; refusal: HttpRefusal; reason: RefusedSignInReason; tenantId: Uuid | null };

/** Finds the caller of a request by its `Authorization` header. Refusal: `unauthorized`, without saying why. */
export type Authenticate = (header: string | undefined) => Promise<Admission>;

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
    if (header === undefined) return unauthorized('no_key');
    const secret = bearerForm.exec(header)?.[1];
    if (secret === undefined || !isSealed(secret, await sealOf())) return unauthorized('made_up_key');
    const owner = await ownerOf(secret);
    if (owner === null) return unauthorized('unknown_key');
    if (owner.revokedAt !== null) return unauthorized('revoked', owner.tenantId);
    const isOver = owner.expiresAt !== null && Date.parse(owner.expiresAt) <= Date.now();
    return isOver ? unauthorized('expired', owner.tenantId) : ok(toCaller(owner));
  };
}

const unauthorized = (reason: RefusedSignInReason, tenantId: Uuid | null = null) => ({
  ...refused('unauthorized'),
  ...{ reason, tenantId },
});

/** The last characters of a key in a header, as lists of keys show them. Null for what was never meant as a key of ours. */
export function last4Of(header: string | undefined): string | null {
  const secret = bearerForm.exec(header ?? '')?.[1];
  return secret?.startsWith('qk_') === true ? secret.slice(-4) : null;
}

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
export function admit(caller: Caller, address: string | null): Admission {
  const { isDisabled, addresses, tenantId } = caller;
  if (isDisabled) return { ...refused('tenant_disabled'), reason: 'tenant_disabled', tenantId };
  const isAllowed =
    addresses === null || (address !== null && addresses.some((network) => isInNetwork(address, network)));
  if (isAllowed) return ok(caller);
  const detail = `This key is not taken from ${address ?? 'an unknown address'}.`;
  return { ...refused('address_not_allowed', { detail }), reason: 'address_not_allowed', tenantId };
}

/** Whether the caller may do what needs this scope; null needs only a key. Refusal: `forbidden`. */
export const authorize = (caller: Caller, scope: Scope | null): HttpResult<null> =>
  scope === null || caller.scopes.includes(scope)
    ? ok(null)
    : refused('forbidden', { detail: `This needs the scope ${scope}.` });
