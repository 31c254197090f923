import type { Log } from '../../config/log.ts';
import { Bug } from '../../domain/check.ts';
import { type RefusalCode, refusals } from '../../domain/refusals.ts';
import type { Denial } from '../answer.ts';
import type { Context, Middleware } from './state.ts';

/** The media type of every answer that is not a success (RFC 9457). */
export const problemMediaType = 'application/problem+json; charset=utf-8';

/** How long a client should wait when nothing better is known. */
const retryAfterMsDefault = 1_000;

/** Turns faults and bugs into problem documents. Refusals are values, and have become one before they come here. */
export const problems =
  (log: Log): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const root = rootOf(error);
      const code = codeOf(root, ctx.method);
      log[code === 'internal_error' ? 'error' : 'warn'](
        { requestId: ctx.state.requestId, err: safe(root) },
        'request failed',
      );
      refuse(ctx, { code });
    }
  };

/** Answers with the problem document of a refusal. */
export function refuse(ctx: Context, refusal: Denial): void {
  const problem = toProblem(refusal, ctx.state.requestId);
  ctx.state.code = refusal.code;
  ctx.status = problem.status;
  ctx.set(refusal.headers ?? {});
  if (problem.retry_after_ms !== undefined) ctx.set('Retry-After', String(Math.ceil(problem.retry_after_ms / 1_000)));
  ctx.body = JSON.stringify(problem);
  ctx.type = problemMediaType;
}

/** A problem document: the shape of every answer that is not a success. */
export function toProblem(refusal: Denial, requestId: string) {
  const { status, title, action, retryable } = refusals[refusal.code];
  const waits = status === 503 || status === 429;
  return {
    type: `/problems/${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: refusal.detail ?? title,
    action,
    instance: refusal.instance ?? requestId,
    retryable,
    ...(waits && { retry_after_ms: refusal.retryAfterMs ?? retryAfterMsDefault }),
    ...(refusal.transferId !== undefined && { transfer_id: refusal.transferId }),
    ...(refusal.conflictingTransferId !== undefined && { conflicting_transfer_id: refusal.conflictingTransferId }),
    ...(refusal.conflictingEntryId !== undefined && { conflicting_entry_id: refusal.conflictingEntryId }),
    ...(refusal.errors !== undefined && { errors: refusal.errors }),
  };
}

/** drizzle wraps an error of the database in one whose message holds every parameter of the query: that one is dropped. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && 'query' in error && error.cause instanceof Error ? error.cause : error;

/**
 * A read that failed did nothing. A write that failed may have been committed before we lost sight of it, so all that can
 * be said is that nobody knows: the same request again, with its key, finds out.
 */
function codeOf(error: unknown, method: string): RefusalCode {
  if (isBug(error)) return 'internal_error';
  return method === 'GET' || method === 'HEAD' ? 'unavailable' : 'outcome_unknown';
}

/** Whether trying again is useless: a check of ours broke, or the database refused what we should never have asked. */
function isBug(error: unknown): boolean {
  if (
    error instanceof Bug ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  )
    return true;
  const sqlState = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof sqlState === 'string' && /^[0-9A-Z]{5}$/.test(sqlState) && poisonClasses.has(sqlState.slice(0, 2));
}

/** Data exceptions, integrity violations, bad statements, raised checks and internal errors of Postgres. */
const poisonClasses = new Set(['22', '23', '42', 'P0', 'XX']);

/** What a log may have of an error. Errors of parsers and of the database carry what they were given, so they are not logged whole. */
function safe(error: unknown): { type: string; message: string; code?: string; stack?: string; cause?: object } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is not an Error was thrown' };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause instanceof Error && { cause: safe(error.cause) }),
  };
}
