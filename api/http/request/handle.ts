import type { IncomingHttpHeaders } from 'node:http';
import type { RateLimiter } from '../../../cache/rate-limiter.ts';
import { ok } from '../../../domain/result.ts';
import type { Deps } from '../../deps.ts';
import { type Answer, type HttpResult, refused } from '../answer.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { readIfMatch } from '../if-match.ts';
import { type ClientVersions, fromLedgerToken, noVersions } from '../ledger-token.ts';
import type { Context } from '../middleware/state.ts';
import type { Caller, Operation, OperationInput, Route } from '../operation.ts';
import { authorize } from './authenticate.ts';
import { countRequest } from './count-request.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import type { SignIn } from './sign-in.ts';
import { refuseHeader, validate } from './validate.ts';

/**
 * Takes one request through every check, in the order of the refusal table, and then to its operation: authentication, scope,
 * rate limit, and only then the content. Nothing before the operation uses up the idempotency key.
 */
export async function handle(route: Route, ctx: Context, signIn: SignIn, deps: Deps): Promise<Answer> {
  const caller = await signIn(ctx);
  if (!caller.ok) return caller;
  deps.keyUse.note(caller.value.keyId);
  const permission = authorize(caller.value, route.scope);
  if (!permission.ok) return permission;
  const allowance = await takeFromLimit(ctx, caller.value, deps.limiter);
  if (!allowance.ok) return allowance;
  const input = await readInput(route, ctx, caller.value);
  if (!input.ok) return input;
  const permit = await route.operation.permit?.(input.value, deps);
  if (permit?.ok === false) return permit;
  ctx.state.isTaken = true;
  const answer = await run(route.operation, input.value, deps);
  if (answer.ok) noteShown(route.operation, input.value, deps);
  return answer;
}

/**
 * Runs it, on a standby where it may lag. What one idempotency key made is read from the primary, because its absence says that nothing was made;
 * so is what the standby does not have yet. What a standby answered is not cached: it would be shown as new.
 */
async function run(operation: Route['operation'], input: Input, deps: Deps): Promise<Answer> {
  if (!operation.mayLag || deps.lagging === null || namesKey(input.query)) return operation.run(input, deps);
  const reader = deps.lagging(input.versions);
  const answer = await operation.run(input, { ...deps, reader, balances: { ...deps.balances, put: async () => {} } });
  return !answer.ok && answer.refusal.code === 'not_found' ? operation.run(input, deps) : answer;
}

/** Counts what was read, for the archive. What was refused showed nothing. */
function noteShown({ shows }: Route['operation'], input: Input, { accessLog }: Deps): void {
  if (!shows) return;
  const { tenantId, actor } = input.caller;
  accessLog.noteAccess({ tenantId, actor, subjectType: shows.type, subjectId: shows.of?.(input) ?? null });
}

const namesKey = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && 'idempotency_key' in query && query.idempotency_key !== undefined;

/** Counts the request, and says in `RateLimit-*` what is left. Refusal: `rate_limited`. */
async function takeFromLimit(ctx: Context, caller: Caller, limiter: RateLimiter): Promise<HttpResult<null>> {
  const taken = await countRequest(caller, limiter);
  ctx.set({
    'RateLimit-Limit': String(taken.limit),
    'RateLimit-Remaining': String(Math.max(taken.remaining, 0)),
    'RateLimit-Reset': String(Math.ceil(taken.resetMs / 1_000)),
  });
  return taken.allowed ? ok(null) : refused('rate_limited', { retryAfterMs: taken.retryMs });
}

type Input = OperationInput<unknown, unknown, unknown>;

async function readInput({ method, operation, path }: Route, ctx: Context, caller: Caller): Promise<HttpResult<Input>> {
  const params = operation.params ? operation.params.safeParse(ctx['params']) : { success: true as const, data: null };
  // An id of another form names nothing.
  if (!params.success) return refused('not_found');
  const json = operation.body ? await readJson(ctx, operation) : ok(null);
  if (!json.ok) return json;
  const key = readIdempotencyKey(method === 'POST' ? ctx.req.headers['idempotency-key']?.toString() : undefined, {
    isNeeded: operation.needsKey ?? false,
  });
  if (!key.ok) return key;
  const parameters = readQuery(ctx.querystring, operation.query);
  if (!parameters.ok) return parameters;
  const query = operation.query ? validate(operation.query, parameters.value, 'query') : refuseAny(parameters.value);
  if (!query.ok) return query;
  const body = operation.body ? validate(operation.body, json.value, 'body') : ok(null);
  if (!body.ok) return body;
  const ifMatch = readCondition(ctx, operation.takesIfMatch ?? false);
  if (!ifMatch.ok) return ifMatch;
  const versions = readVersions(operation.hasLedgerToken || operation.mayLag ? ctx.get('ledger-token') : '');
  if (!versions.ok) return versions;
  return ok({
    params: params.data,
    query: query.value,
    body: body.value,
    sent: json.value,
    caller,
    key: key.value,
    ifMatch: ifMatch.value,
    // The fingerprint is of the body as sent, not as parsed: a default that is added later must not change it.
    fingerprint: fingerprintOf({ method, route: addressOf(path, params.data), body: json.value }),
    versions: versions.value,
    traceparent: readTraceparent(ctx.get('traceparent')),
    gone: () => goneSignal(ctx),
  });
}

/** A request without a body means an empty one, where everything in it may be left out. */
const readJson = async (ctx: Context, { bodyIsOptional, bodyLimits }: Operation<unknown, unknown, unknown>) =>
  bodyIsOptional && hasNoBody(ctx.req.headers) ? ok({}) : readBody(ctx, bodyLimits);

const hasNoBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** The path with the ids that it names: under one key, the same request about another thing is another request. */
const addressOf = (path: string, params: unknown): string =>
  path.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(new Map(Object.entries(params ?? {})).get(name) ?? whole),
  );

/** An operation without parameters takes none: a misspelled filter must not look like an empty one. */
function refuseAny(query: Record<string, string>): HttpResult<null> {
  const errors = Object.keys(query).map((name) => ({
    pointer: `query/${name.slice(0, 64)}`,
    code: 'unknown_field',
    message: 'There is no such parameter here.',
  }));
  return errors.length === 0 ? ok(null) : refused('validation_failed', { errors });
}

/** A change that was asked for on a condition must not be made without it, so no other operation ignores the header. */
function readCondition(ctx: Context, isTaken: boolean): HttpResult<number | null> {
  const header = ctx.method === 'GET' || ctx.method === 'HEAD' ? undefined : ctx.req.headers['if-match'];
  if (header === undefined || isTaken) return readIfMatch(header);
  return refuseHeader('If-Match', 'is only for changes of a thing that has an ETag');
}

function readVersions(header: string): HttpResult<ClientVersions> {
  if (header === '') return ok(noVersions);
  const versions = fromLedgerToken(header);
  return versions ? ok(versions) : refuseHeader('Ledger-Token', 'must be the header of an earlier answer');
}

/** W3C trace context. A malformed one is ignored, as the standard says. */
const readTraceparent = (header: string): string | null =>
  /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : null;

/** Made only where an operation waits. */
function goneSignal({ res }: Context): AbortSignal {
  const gone = new AbortController();
  if (res.closed) gone.abort();
  res.once('close', () => gone.abort());
  return gone.signal;
}
