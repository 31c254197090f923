import { ok } from '../../../domain/result.ts';
import { type Scope, scopes } from '../../../domain/scope.ts';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';
import { type HttpResult, refused } from '../answer.ts';
import type { Caller } from '../operation.ts';

/** Finds the caller of a request by its `Authorization` header. Refusal: `unauthorized`, without saying why. */
export type Authenticate = (header: string | undefined) => Promise<HttpResult<Caller>>;

/** Requests a second for a key without its own limit. */
const defaultRateLimit = 100;

/** Every key has this form; another text is refused without a look-up. */
const bearerForm = /^Bearer +(qk_[A-Za-z0-9_-]{43})$/i;

/** Authenticates by the owner of the secret. Throws what the look-up throws, and when too many unknown keys wait. */
export function createAuthenticate(ownerOf: (secret: string) => Promise<KeyOwner | null>): Authenticate {
  return async (header) => {
    const secret = bearerForm.exec(header ?? '')?.[1];
    const owner = secret === undefined ? null : await ownerOf(secret);
    return owner && isLive(owner) ? ok(toCaller(owner)) : unauthorized;
  };
}

const unauthorized = refused('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } });

const isLive = (owner: KeyOwner): boolean =>
  owner.revokedAt === null && (owner.expiresAt === null || Date.parse(owner.expiresAt) > Date.now());

const toCaller = (owner: KeyOwner): Caller => ({
  keyId: owner.id,
  keyName: owner.name,
  tenantId: owner.tenantId,
  tenantName: owner.tenantName,
  scopes: scopes.filter((scope) => owner.scopes.includes(scope)),
  rateLimit: owner.rateLimit ?? defaultRateLimit,
  actor: `api_key:${owner.id}`,
});

/** Whether the caller may do what needs this scope; null needs only a key. Refusal: `forbidden`. */
export const authorize = (caller: Caller, scope: Scope | null): HttpResult<null> =>
  scope === null || caller.scopes.includes(scope)
    ? ok(null)
    : refused('forbidden', { detail: `This needs the scope ${scope}.` });
