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
  'if-match',
  'origin',
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
  const target = readTarget(ctx.req.url ?? '');
  // A malformed one would cause a fault later.
  if (target === null)
    return refuse(ctx, { code: 'malformed_request', detail: 'The address must be a path or an absolute URL.' });
  ctx.req.url = target.path;
  if (target.host !== null) ctx.req.headers.host = target.host;
  await next();
};

/** `http://host/path?query`: what clients send to a proxy. No user, no fragment. */
const absoluteForm = /^https?:\/\/([^/?#@\s]+)(\/[^?#]*)?(\?[^#]*)?$/i;

/**
 * The path and query of a request target (RFC 9112, 3.2). A server takes absolute URLs too, and the host in them counts
 * in place of the header. Null for another form.
 */
function readTarget(target: string): { path: string; host: string | null } | null {
  if (target.startsWith('/') || target === '*') return { path: target, host: null };
  const [, host, path = '/', query = ''] = absoluteForm.exec(target) ?? [];
  return host !== undefined && URL.canParse(`http://${host}`) ? { path: `${path}${query}`, host } : null;
}

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
