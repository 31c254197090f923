import type { z } from 'zod';
import type { Uuid } from '../../domain/ids.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Deps } from '../deps.ts';
import type { Answer, HttpResult } from './answer.ts';
import type { ClientVersions } from './ledger-token.ts';
import type { HttpRefusalCode } from './refusals.ts';

/** Who makes a request: a key, and its tenant. Things of other tenants do not exist for it. */
export type Caller = {
  keyId: Uuid;
  keyName: string;
  tenantId: Uuid;
  tenantName: string;
  scopes: readonly Scope[];
  /** Requests a second of the key, and of all keys of its tenant together. */
  rateLimit: number;
  tenantRateLimit: number;
  /** When the key ends, or null. */
  expiresAt: Date | null;
  /** Its name in the audit. */
  actor: string;
};

/** A request that passed every check of form, as its operation gets it. */
export type OperationInput<Params, Query, Body> = {
  params: Params;
  query: Query;
  body: Body;
  caller: Caller;
  /** The idempotency key, or null when none was sent (only where none is required). */
  key: string | null;
  /** SHA-256 of method, route and the body as it was sent, hex. */
  fingerprint: string;
  /** Versions of balances that the client knows already, from its `Ledger-Token`. */
  versions: ClientVersions;
  traceparent: string | null;
};

/**
 * One operation of the API: what it takes, what it answers, why it may refuse, and what it does. The router, the checks and
 * the OpenAPI document are made from it. `refusals` lists its own; those of every request (401, 429, …) are added.
 */
export type Operation<Params, Query, Body> = {
  summary: string;
  description?: string;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  needsKey?: boolean;
  status: 200 | 201 | 204;
  /** The schema of the answer's body; absent for 204. */
  response?: z.ZodType;
  refusals: readonly HttpRefusalCode[];
  /** Whether this caller may do this, where that depends on the content. Runs before anything is done. */
  permit?(input: OperationInput<Params, Query, Body>, deps: Deps): Promise<HttpResult<null>>;
  run(input: OperationInput<Params, Query, Body>, deps: Deps): Promise<Answer>;
};

/** An operation at its address: one row of the table in `api/routes.ts`. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/v1/transfers/{id}`. */
  path: string;
  /** What the key must allow; null: any key will do. */
  scope: Scope | null;
  operation: Operation<unknown, unknown, unknown>;
};

/** Lets the compiler infer from an operation's schemas its `run`. */
export const operation = <Params = null, Query = null, Body = null>(
  definition: Operation<Params, Query, Body>,
): Operation<Params, Query, Body> => definition;
