import { errorFields, rootOf } from '../../../config/error-fields.ts';
import type { Log } from '../../../config/log.ts';
import { isHopeless } from '../../../ledger/faults.ts';
import type { Alarms } from '../../../telemetry/alarms/alarms.ts';
import type { Faults } from '../../../telemetry/faults.ts';
import { NotAttempted, NothingWritten } from '../../ledger-verbs.ts';
import type { HttpRefusal } from '../answer.ts';
import { type HttpRefusalCode, refusals } from '../refusals.ts';
import { retryBounds } from '../retry-after.ts';
import type { Context, Middleware } from './state.ts';

/** The media type of every answer that is not a success (RFC 9457). */
export const problemMediaType = 'application/problem+json; charset=utf-8';

/** Turns faults and bugs into problem documents. Refusals are values and are problem documents already. */
export const problems =
  ({ log, alarms, faults }: { log: Log; alarms: Alarms; faults: Faults }): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const code = refusalCodeOf(error, ctx);
      faults.count(error, ctx.state.route ?? 'no route');
      const line = { requestId: ctx.state.requestId, code };
      if (isBug(error)) alarms.raise('request_broke_a_check', { ...line, err: error });
      else log.warn({ ...line, reason: reasonOf(error) }, 'request failed');
      refuse(ctx, { code });
    }
  };

/** While the database does not answer each request fails alike: its code and message say all that a stack would. */
function reasonOf(error: unknown): string {
  const { code = '', message } = errorFields(error);
  return `${code} ${message}`.trim();
}

/** Answers with the problem document of a refusal. */
export function refuse(ctx: Context, refusal: HttpRefusal): void {
  const { requestId, caller, retryAfter } = ctx.state;
  const isTrouble = refusals[refusal.code].status === 503 && refusal.retryAfterMs === undefined;
  const waitMs = isTrouble ? retryAfter.waitMs(caller?.tenantId, refusal.code) : spread(refusal.retryAfterMs);
  const problem = toProblem(refusal, { requestId, waitMs });
  ctx.state.code = refusal.code;
  ctx.status = problem.status;
  // RFC 9110 asks for it with every 401, at the door and behind it.
  if (ctx.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set(refusal.headers ?? {});
  if (problem.retry_after_ms !== undefined) ctx.set('Retry-After', String(Math.ceil(problem.retry_after_ms / 1_000)));
  ctx.body = JSON.stringify(problem);
  ctx.type = problemMediaType;
}

/** A problem document: the shape of every answer that is not a success. `waitMs` is for those that may be repeated. */
export function toProblem(refusal: HttpRefusal, { requestId, waitMs }: { requestId: string; waitMs: number }) {
  const { status, title, action, retryable } = refusals[refusal.code];
  return {
    type: `/problems/${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: refusal.detail ?? title,
    action,
    instance: refusal.instance ?? requestId,
    retryable,
    ...(retryable && { retry_after_ms: waitMs }),
    ...(refusal.transferId !== undefined && { transfer_id: refusal.transferId }),
    ...(refusal.conflict !== undefined && { [`conflicting_${refusal.conflict.thing}_id`]: refusal.conflict.id }),
    ...(refusal.errors !== undefined && { errors: refusal.errors }),
  };
}

/** This wait, and a part of some seconds by chance: those that were refused together must not return together. */
export const spread = (ms: number = retryBounds.firstMs): number =>
  Math.ceil(ms + Math.random() * retryBounds.spreadMs);

/**
 * A read that failed did nothing, and neither did a write that did not reach its operation. An error of an operation that
 * writes may have come after the commit, so only a refusal by the database is proof that nothing was
 * written. Without it all that can be said is that nobody knows: the same request again, with its key, finds out.
 */
function refusalCodeOf(error: unknown, { method, state }: Context): HttpRefusalCode {
  const isRead = method === 'GET' || method === 'HEAD' || state.changesNothing;
  if (error instanceof NotAttempted) return 'not_attempted';
  if (!isRead && state.isTaken) return error instanceof NothingWritten ? 'internal_error' : 'outcome_unknown';
  if (isBug(error)) return 'internal_error';
  return isRead ? 'unavailable' : 'not_attempted';
}

/** Whether a retry is useless: a check broke, or the database refused a write that should never have been sent. */
const isBug = (error: unknown): boolean =>
  error instanceof NothingWritten || error instanceof ReferenceError || isHopeless(rootOf(error));
