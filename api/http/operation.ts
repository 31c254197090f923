import type { z } from 'zod';
import type { Uuid } from '../../domain/ids.ts';
import type { Scope } from '../../domain/scope.ts';
import type { AccessSubject } from '../../ledger/archive/note-accesses.ts';
import type { Deps } from '../deps.ts';
import type { Answer, HttpResult } from './answer.ts';
import type { Deprecation } from './deprecation.ts';
import type { ClientVersions } from './ledger-token.ts';
import type { HttpRefusalCode } from './refusals.ts';
import type { Json } from './request/strict-json.ts';

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
  /** The only accounts that it may take money from, and change; null: all of its tenant. */
  accountIds: readonly Uuid[] | null;
  /** The largest amount of one request, in minor units; null: any. */
  amountMax: bigint | null;
  /** The only networks that it is taken from; null: all. */
  addresses: readonly string[] | null;
  /** Whether its tenant is disabled: then nothing is permitted. */
  isDisabled: boolean;
  /** Its name in the audit. */
  actor: string;
};

/** How large a body may be, and how many fields it may name. */
export type BodyLimits = { bytesMax: number; namesMax: number };

/** A request that passed every check of form, as its operation gets it. */
export type OperationInput<Params, Query, Body> = {
  params: Params;
  query: Query;
  body: Body;
  /** The body as it was sent, before it was read by the schema. */
  sent: Json;
  caller: Caller;
  /** The idempotency key, or null when none was sent (only where none is required). */
  key: string | null;
  /** The version that the thing must have, from `If-Match`; null: any. */
  ifMatch: number | null;
  /** SHA-256 of method, address and the body as it was sent, hex. */
  fingerprint: string;
  /** Versions of balances that the client knows already, from its `Ledger-Token`; none where the operation has no use for them. */
  versions: ClientVersions;
  traceparent: string | null;
  /** Aborted when the client has gone, so that nobody waits for it. */
  gone: () => AbortSignal;
};

/**
 * One operation of the API: what it takes, what it answers, why it may refuse, and what it does. The router, the checks and
 * the OpenAPI document are made from it. `refusals` lists its own; those of every request (401, 429, …) are added.
 */
export type Operation<Params, Query, Body> = {
  /** Its name for generated clients, unique: a verb and a thing, such as `createTransfer`. */
  id: string;
  /** The title on the docs page: a few words in the imperative. */
  summary: string;
  description: string;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** Whether a request may come without a body, which then is as `{}`. */
  bodyIsOptional?: true;
  /** How large a body may be, where the usual limits are too small. */
  bodyLimits?: BodyLimits;
  needsKey?: boolean;
  /** Whether it refuses an `Idempotency-Key`, because the parts of its body have their own. */
  refusesKey?: boolean;
  /** Whether it only reads, although its method is POST: then it uses no key, and a fault of it leaves nothing in doubt. */
  changesNothing?: true;
  /** Whether it is a change of a thing that has an `ETag`, and takes `If-Match`. */
  takesIfMatch?: boolean;
  status: 200 | 201 | 202 | 204;
  /** What an answer with this status shows, in one sentence. */
  success: string;
  /** Whether it reads the client's `Ledger-Token` and may answer with one. */
  hasLedgerToken?: boolean;
  /** Whether a standby may answer it: it decides nothing, and its answer may be a few seconds old (docs/how-to/read-from-a-standby.md). */
  mayLag?: true;
  /**
   * What who calls it has read, which is counted for the archive; absent where it shows no account, balance or statement. `of`: the account or
   * the statement; without it a list of them.
   */
  shows?: { type: AccessSubject; of?(input: OperationInput<Params, Query, Body>): Uuid };
  /** Whether it is a list that ends where the attached months begin, and says so. */
  endsAtArchive?: true;
  /** Whether its answer has the `ETag` of the thing. */
  hasETag?: boolean;
  /** Its media type, where that is not JSON. */
  responseType?: 'text/csv';
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
  /** Present when it will end: each of its answers says so. */
  deprecated?: Deprecation;
  operation: Operation<unknown, unknown, unknown>;
};

/** Lets the compiler infer from an operation's schemas its `run`. */
export const operation = <Params = null, Query = null, Body = null>(
  definition: Operation<Params, Query, Body>,
): Operation<Params, Query, Body> => definition;
