import { createHash } from 'node:crypto';
import { ok } from '../../domain/outcome.ts';
import { type Scope, scopes } from '../../domain/scope.ts';
import type { KeyOwner } from '../../ledger/api-keys.ts';
import { denied, type Step } from '../answer.ts';
import type { Caller } from '../endpoint.ts';

/** Finds out who makes a request from its `Authorization` header. Refusal: `unauthorized`, without saying why. */
export type Authenticate = (header: string | undefined) => Promise<Step<Caller>>;

export type KeyCacheLimits = {
  /** How long an answer is believed: a revoked key works this long at most. */
  ttlMs: number;
  /** Keys remembered; the oldest goes first. */
  keysMost: number;
};

const keyCacheLimits: KeyCacheLimits = { ttlMs: 1_000, keysMost: 10_000 };
/** Requests a second of a key that has no limit of its own. */
const defaultRateLimit = 100;

/** Every key has this form, so a guess of another costs no question to the database. */
const bearerForm = /^Bearer +(qk_[A-Za-z0-9_-]{43})$/i;

/** Remembers answers for a moment, the noes too, and asks once for all requests that wait for the same key. */
export function createAuthenticate(
  lookUp: (secret: string) => Promise<KeyOwner | null>,
  limits: KeyCacheLimits = keyCacheLimits,
): Authenticate {
  const known = new Map<string, { owner: Promise<KeyOwner | null>; until: number }>();

  const ownerOf = (secret: string): Promise<KeyOwner | null> => {
    // The secret itself is not kept in memory.
    const print = createHash('sha256').update(secret).digest('base64');
    const now = performance.now();
    const kept = known.get(print);
    if (kept && kept.until > now) return kept.owner;
    const owner = lookUp(secret);
    known.delete(print);
    known.set(print, { owner, until: now + limits.ttlMs });
    const [oldest] = known.keys();
    if (known.size > limits.keysMost && oldest !== undefined) known.delete(oldest);
    // A database that is away says nothing about the key: the next request asks again.
    owner.catch(() => known.delete(print));
    return owner;
  };

  return async (header) => {
    const secret = bearerForm.exec(header ?? '')?.[1];
    const owner = secret === undefined ? null : await ownerOf(secret);
    return owner && isLive(owner) ? ok(toCaller(owner)) : unauthorized;
  };
}

const unauthorized = denied('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } });

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
export const authorize = (caller: Caller, scope: Scope | null): Step<null> =>
  scope === null || caller.scopes.includes(scope)
    ? ok(null)
    : denied('forbidden', { detail: `This needs the scope ${scope}.` });
