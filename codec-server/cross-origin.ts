import type { Context } from 'koa';
import { refuse } from './answers.ts';

/** How long a browser need not ask again, in seconds. */
const preflightSeconds = 600;
/** What Temporal's UI sends with a request. */
const requestHeaders = 'Content-Type, X-Namespace';

/**
 * Whether a request comes from Temporal's UI, the one page that may read answers here, with its cookie; otherwise it is refused. The origin counts
 * as it is written, and there is no other.
 */
export function allowOrigin(ctx: Context, uiOrigin: string): boolean {
  // A cache must not give one origin's answer to another.
  ctx.vary('Origin');
  if (ctx.get('origin') !== uiOrigin) {
    refuse(ctx, { status: 403, message: `Only Temporal's UI at ${uiOrigin} may ask, opened at exactly this address.` });
    return false;
  }
  ctx.set({ 'Access-Control-Allow-Origin': uiOrigin, 'Access-Control-Allow-Credentials': 'true' });
  return true;
}

/** Answers what a browser asks before it sends a request of another origin. */
export function answerPreflight(ctx: Context, uiOrigin: string): void {
  if (!allowOrigin(ctx, uiOrigin)) return;
  ctx.set({
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': requestHeaders,
    'Access-Control-Max-Age': String(preflightSeconds),
  });
  ctx.status = 204;
}
