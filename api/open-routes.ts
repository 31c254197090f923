import type { Router } from '@koa/router';
import helmet from 'koa-helmet';
import { createHealth } from '../telemetry/health.ts';
import type { Deps } from './deps.ts';
import { readBundle } from './docs/bundle.ts';
import { docsPage, problemPage, problemsPage, startScript } from './docs/pages.ts';
import { refuse } from './http/middleware/problems.ts';
import type { Middleware, State } from './http/middleware/state.ts';
import { createOpenApi } from './http/openapi.ts';
import { refusals } from './http/refusals.ts';
import { routes } from './routes.ts';

/** What needs no key: whether we are there, and how to talk to us. */
export function addOpenRoutes(router: Router<State>, deps: Deps): void {
  const health = createHealth(deps.parts);
  // Bytes, so that answers that wait for their clients share them.
  const openApi = Buffer.from(JSON.stringify(createOpenApi(routes)));

  const get = (path: string, ...middleware: Middleware[]) => router.get(path, named(path), ...middleware);

  get('/ping', (ctx) => give(ctx, 'application/json', '{"status":"ok"}'));
  get('/health', async (ctx) => {
    const found = await health();
    if (found.status !== 'unavailable') return give(ctx, 'application/json', JSON.stringify(found));
    refuse(ctx, { code: 'unavailable', detail: 'The database does not answer.' });
  });
  get('/openapi.json', (ctx) => give(ctx, 'application/json', openApi));
  const ofDocs = (middleware: Middleware): Middleware => (deps.hasDocs ? middleware : noDocs);
  get(
    '/docs',
    forPages,
    ofDocs((ctx) => give(ctx, page, docsPage)),
  );
  get(
    '/docs/start.js',
    ofDocs((ctx) => give(ctx, script, startScript)),
  );
  get('/docs/scalar.js', ofDocs(scalar));
  get('/problems', forPages, (ctx) => give(ctx, page, problemsPage()));
  for (const [code, terms] of Object.entries(refusals)) {
    const its = problemPage(code, terms);
    get(`/problems/${code}`, forPages, (ctx) => give(ctx, page, its));
  }
}

/** Metrics and logs name the template, never the address itself. */
const named =
  (path: string): Middleware =>
  (ctx, next) => {
    ctx.state.route = path;
    return next();
  };

const page = 'text/html; charset=utf-8';
// Scalar's bundle has letters outside ASCII and fails to parse without its charset.
const script = 'text/javascript; charset=utf-8';

/** A page may load its own scripts and styles and nothing else. Scalar writes its styles inline. */
const forPages = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
});

function give(ctx: Parameters<Middleware>[0], type: string, body: string | Buffer): void {
  ctx.type = type;
  ctx.body = body;
}

/** Scalar's bundle, from memory. An image without the package still has `/openapi.json`. */
const scalar: Middleware = async (ctx) => {
  const bundle = await readBundle();
  if (bundle === null)
    return refuse(ctx, { code: 'not_found', detail: 'The docs page is not part of this installation.' });
  ctx.type = script;
  ctx.set('Cache-Control', 'public, max-age=3600');
  ctx.vary('Accept-Encoding');
  ctx.etag = bundle.hash;
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const isZipped = ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (isZipped) ctx.set('Content-Encoding', 'gzip');
  ctx.body = isZipped ? bundle.zipped : bundle.plain;
};

/** Where the docs page is switched off. */
const noDocs: Middleware = (ctx) => refuse(ctx, { code: 'not_found', detail: 'The docs page is switched off here.' });
