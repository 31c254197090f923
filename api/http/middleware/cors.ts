import type { Router } from '@koa/router';
import { methodsOf } from '../methods.ts';
import type { Context, Middleware, State } from './state.ts';

/** What a page may send beside the headers that every page may. */
const requestHeaders = 'Authorization, Content-Type, Idempotency-Key, If-Match, Ledger-Token, Request-Id, Traceparent';
/** What a page may read beside the headers that every page may. */
const answerHeaders =
  'Deprecation, ETag, Idempotent-Replayed, Ledger-Token, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Request-Id, Retry-After, Sunset';
/** How long a browser need not ask again. An origin that is taken off the list works for so long at most, and needs a key anyway. */
const preflightSeconds = 600;

/**
 * Lets pages of these origins, and of no other, call the API (CORS). An origin counts as it is written; there are no patterns and no
 * cookies, so a page needs an API key of its own. A preflight is answered here, before keys, limits and the database. Without origins
 * nothing is added, and a preflight is an OPTIONS that no route takes.
 */
export const cors =
  (origins: readonly string[], router: Router<State>): Middleware =>
  async (ctx, next) => {
    if (origins.length > 0 && allow(ctx, origins) && answerPreflight(ctx, router)) return;
    await next();
  };

/** Whether the request comes from a page that may call the API; then the answer says so. */
function allow(ctx: Context, origins: readonly string[]): boolean {
  // A cache must not give one origin's answer to another.
  ctx.vary('Origin');
  const origin = ctx.get('origin');
  if (!origins.includes(origin)) return false;
  ctx.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': answerHeaders });
  return true;
}

/** Whether the request is a preflight for an address that there is; then it is answered. */
function answerPreflight(ctx: Context, router: Router<State>): boolean {
  if (ctx.method !== 'OPTIONS' || ctx.get('access-control-request-method') === '') return false;
  const methods = methodsOf(router, ctx.path);
  if (methods === null) return false;
  ctx.state.route = 'preflight';
  ctx.set({
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': requestHeaders,
    'Access-Control-Max-Age': String(preflightSeconds),
  });
  ctx.status = 204;
  return true;
}
