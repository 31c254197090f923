import type { RateLimiter } from '../../../cache/rate-limiter.ts';
import { ok } from '../../../domain/result.ts';
import type { Scope } from '../../../domain/scope.ts';
import type { Deps } from '../../deps.ts';
import { type Answer, denied, type Step } from '../answer.ts';
import { fromLedgerToken, nothingSeen, type Seen } from '../ledger-token.ts';
import type { Context } from '../middleware/state.ts';
import type { Asked, Caller, Endpoint } from '../operation.ts';
import { type Authenticate, authorize } from './authenticate.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { refuseHeader, validate } from './validate.ts';

/** An endpoint at its address: one row of the table in `routes.ts`. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/v1/transfers/{id}`. */
  path: string;
  /** What the key must allow; null: any key will do. */
  scope: Scope | null;
  endpoint: Endpoint<unknown, unknown, unknown>;
};

/**
 * Takes one request through every check, in the order of the refusal table, and then to its endpoint: who, whether they
 * may, how often, and only then what they say. Nothing before the endpoint uses up the idempotency key.
 */
export async function run(route: Route, ctx: Context, authenticate: Authenticate, deps: Deps): Promise<Answer> {
  const caller = await authenticate(ctx.req.headers.authorization);
  if (!caller.ok) return caller;
  ctx.state.caller = caller.value;
  const may = authorize(caller.value, route.scope);
  if (!may.ok) return may;
  const paced = await pace(ctx, caller.value, deps.limiter);
  if (!paced.ok) return paced;
  const asked = await read(route, ctx, caller.value);
  if (!asked.ok) return asked;
  ctx.state.isTaken = true;
  return route.endpoint.run(asked.value, deps);
}

/** Counts the request against its key, and says in `RateLimit-*` what is left. Refusal: `rate_limited`. */
async function pace(ctx: Context, caller: Caller, limiter: RateLimiter): Promise<Step<null>> {
  const verdict = await limiter.take(caller.keyId, caller.rateLimit);
  ctx.set({
    'RateLimit-Limit': String(verdict.limit),
    'RateLimit-Remaining': String(Math.max(verdict.remaining, 0)),
    'RateLimit-Reset': String(Math.ceil(verdict.resetMs / 1_000)),
  });
  return verdict.allowed ? ok(null) : denied('rate_limited', { retryAfterMs: Math.max(verdict.resetMs, 1) });
}

async function read(route: Route, ctx: Context, caller: Caller): Promise<Step<Asked<unknown, unknown, unknown>>> {
  const { method, endpoint, path } = route;
  const params = endpoint.params ? endpoint.params.safeParse(ctx['params']) : { success: true as const, data: null };
  // An id of another form is the address of nothing.
  if (!params.success) return denied('not_found');
  const raw = endpoint.body ? await readBody(ctx.req) : ok(null);
  if (!raw.ok) return raw;
  const key = readIdempotencyKey(method === 'POST' ? ctx.req.headers['idempotency-key']?.toString() : undefined, {
    isNeeded: endpoint.needsKey ?? false,
  });
  if (!key.ok) return key;
  const given = readQuery(ctx.querystring);
  if (!given.ok) return given;
  const query = endpoint.query ? validate(endpoint.query, given.value, 'query') : refuseAny(given.value);
  if (!query.ok) return query;
  const body = endpoint.body ? validate(endpoint.body, raw.value, 'body') : ok(null);
  if (!body.ok) return body;
  const seen = readSeen(ctx.get('ledger-token'));
  if (!seen.ok) return seen;
  return ok({
    params: params.data,
    query: query.value,
    body: body.value,
    caller,
    key: key.value,
    // Of what was sent and not of what was read into it: a default that we add tomorrow must not change yesterday's print.
    fingerprint: fingerprintOf({ method, route: path, body: raw.value }),
    seen: seen.value,
    traceparent: readTraceparent(ctx.get('traceparent')),
  });
}

/** An endpoint without parameters takes none: a misspelled filter must not look like an empty one. */
function refuseAny(query: Record<string, string>): Step<null> {
  const errors = Object.keys(query).map((name) => ({
    pointer: `query/${name.slice(0, 64)}`,
    code: 'unknown_field',
    message: 'There is no such parameter here.',
  }));
  return errors.length === 0 ? ok(null) : denied('validation_failed', { errors });
}

function readSeen(header: string): Step<Seen> {
  if (header === '') return ok(nothingSeen);
  const seen = fromLedgerToken(header);
  return seen ? ok(seen) : refuseHeader('Ledger-Token', 'must be the header of an earlier answer');
}

/** W3C trace context. One that is malformed is ignored, as its standard wants. */
const readTraceparent = (header: string): string | null =>
  /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : null;
