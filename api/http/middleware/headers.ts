import helmet from 'koa-helmet';
import { refuse } from './problems.ts';
import type { Middleware } from './state.ts';

/** No URL of the API with all its parameters is longer. */
const urlMax = 2_048;

/** Headers with a single value: Node joins some of them when repeated and keeps the first of others, so repetition is refused. */
const singletons = new Set([
  'host',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'idempotency-key',
  'ledger-token',
  'request-id',
  'traceparent',
]);

/** Refuses what an attacker or a broken proxy sends and a client does not: repeated headers, no host, a very long address. */
export const strictHeaders: Middleware = async (ctx, next) => {
  const repeated = repeatedSingleton(ctx.req.rawHeaders);
  if (repeated !== null)
    return refuse(ctx, { code: 'header_repeated', detail: `The header ${repeated} was sent more than once.` });
  // HTTP/1.0, which health checks still use, has no such header.
  if (ctx.req.headers.host === undefined && ctx.req.httpVersion !== '1.0')
    return refuse(ctx, { code: 'malformed_request', detail: 'The request has no Host header.' });
  if ((ctx.req.url ?? '').length > urlMax) {
    return refuse(ctx, { code: 'uri_too_long' });
  }
  // An absolute URL instead of a path is for proxies, and a malformed one would cause a fault later.
  if (!(ctx.req.url ?? '').startsWith('/') && ctx.req.url !== '*')
    return refuse(ctx, { code: 'malformed_request', detail: 'The address must be a path.' });
  await next();
};

/** `rawHeaders` is names and values in turn, before Node has joined or dropped any. */
function repeatedSingleton(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (singletons.has(name) && seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/** Security headers for answers that only programs read: nothing may be loaded, framed, sniffed or cached. */
export const securityHeaders: Middleware[] = [
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // The same as `frame-ancestors` above, for browsers that know only this one.
    xFrameOptions: { action: 'deny' },
  }),
  async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    await next();
  },
];
