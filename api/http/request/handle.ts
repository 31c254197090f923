import type { RateLimiter } from '../../../cache/rate-limiter.ts';
import { ok } from '../../../domain/result.ts';
import type { Deps } from '../../deps.ts';
import { type Answer, type HttpResult, refused } from '../answer.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { type ClientVersions, fromLedgerToken, noVersions } from '../ledger-token.ts';
import type { Context } from '../middleware/state.ts';
import type { Caller, OperationInput, Route } from '../operation.ts';
import { type Authenticate, authorize } from './authenticate.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { refuseHeader, validate } from './validate.ts';

/**
 * Takes one request through every check, in the order of the refusal table, and then to its operation: authentication, scope,
 * rate limit, and only then the content. Nothing before the operation uses up the idempotency key.
 */
export async function handle(route: Route, ctx: Context, authenticate: Authenticate, deps: Deps): Promise<Answer> {
  const caller = await authenticate(ctx.req.headers.authorization);
  if (!caller.ok) return caller;
  ctx.state.caller = caller.value;
  const permission = authorize(caller.value, route.scope);
  if (!permission.ok) return permission;
  const allowance = await takeFromLimit(ctx, caller.value, deps.limiter);
  if (!allowance.ok) return allowance;
  const input = await readInput(route, ctx, caller.value);
  if (!input.ok) return input;
  const permit = await route.operation.permit?.(input.value, deps);
  if (permit?.ok === false) return permit;
  ctx.state.isTaken = true;
  return route.operation.run(input.value, deps);
}

/** Counts the request against its key and then its tenant, and says in `RateLimit-*` what is left. Refusal: `rate_limited`. */
async function takeFromLimit(ctx: Context, caller: Caller, limiter: RateLimiter): Promise<HttpResult<null>> {
  const ofKey = await limiter.take(caller.keyId, caller.rateLimit);
  const ofTenant = ofKey.allowed ? await limiter.take(caller.tenantId, caller.tenantRateLimit) : ofKey;
  // The tighter of the two is what the client has to know.
  const taken = ofTenant.allowed && ofKey.remaining <= ofTenant.remaining ? ofKey : ofTenant;
  ctx.set({
    'RateLimit-Limit': String(taken.limit),
    'RateLimit-Remaining': String(Math.max(taken.remaining, 0)),
    'RateLimit-Reset': String(Math.ceil(taken.resetMs / 1_000)),
  });
  return taken.allowed ? ok(null) : refused('rate_limited', { retryAfterMs: Math.max(taken.resetMs, 1) });
}

type Input = OperationInput<unknown, unknown, unknown>;

async function readInput({ method, operation, path }: Route, ctx: Context, caller: Caller): Promise<HttpResult<Input>> {
  const params = operation.params ? operation.params.safeParse(ctx['params']) : { success: true as const, data: null };
  // An id of another form names nothing.
  if (!params.success) return refused('not_found');
  const json = operation.body ? await readBody(ctx) : ok(null);
  if (!json.ok) return json;
  const key = readIdempotencyKey(method === 'POST' ? ctx.req.headers['idempotency-key']?.toString() : undefined, {
    isNeeded: operation.needsKey ?? false,
  });
  if (!key.ok) return key;
  const parameters = readQuery(ctx.querystring);
  if (!parameters.ok) return parameters;
  const query = operation.query ? validate(operation.query, parameters.value, 'query') : refuseAny(parameters.value);
  if (!query.ok) return query;
  const body = operation.body ? validate(operation.body, json.value, 'body') : ok(null);
  if (!body.ok) return body;
  const versions = readVersions(ctx.get('ledger-token'));
  if (!versions.ok) return versions;
  return ok({
    params: params.data,
    query: query.value,
    body: body.value,
    caller,
    key: key.value,
    // The fingerprint is of the body as sent, not as parsed: a default that is added later must not change it.
    fingerprint: fingerprintOf({ method, route: path, body: json.value }),
    versions: versions.value,
    traceparent: readTraceparent(ctx.get('traceparent')),
  });
}

/** An operation without parameters takes none: a misspelled filter must not look like an empty one. */
function refuseAny(query: Record<string, string>): HttpResult<null> {
  const errors = Object.keys(query).map((name) => ({
    pointer: `query/${name.slice(0, 64)}`,
    code: 'unknown_field',
    message: 'There is no such parameter here.',
  }));
  return errors.length === 0 ? ok(null) : refused('validation_failed', { errors });
}

function readVersions(header: string): HttpResult<ClientVersions> {
  if (header === '') return ok(noVersions);
  const versions = fromLedgerToken(header);
  return versions ? ok(versions) : refuseHeader('Ledger-Token', 'must be the header of an earlier answer');
}

/** W3C trace context. A malformed one is ignored, as the standard says. */
const readTraceparent = (header: string): string | null =>
  /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : null;
