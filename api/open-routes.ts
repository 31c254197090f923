import type { Router } from '@koa/router';
import helmet from 'koa-helmet';
import { createHealth } from '../telemetry/health.ts';
import type { Deps } from './deps.ts';
import { readBundle } from './docs/bundle.ts';
import { docsPage, favicon, problemPage, problemsPage, statesPage } from './docs/pages.ts';
import { startScript } from './docs/start-script.ts';
import { giveAsset, toAsset } from './http/asset.ts';
import { refuse } from './http/middleware/problems.ts';
import type { Context, Middleware, State } from './http/middleware/state.ts';
import { refusals } from './http/refusals.ts';
import { serveObject } from './objects/serve.ts';
import type { OpenPath } from './open-paths.ts';
import { createOpenApi } from './openapi/document.ts';
import { routes } from './routes.ts';
import { serveStatementFile } from './statements/serve-file.ts';

/** What needs no key: whether we are there, how to talk to us, and what a link of ours leads to. */
export function addOpenRoutes(router: Router<State>, deps: Deps): void {
  const health = createHealth(deps.parts);
  const get = (path: OpenPath, ...middleware: Middleware[]) => router.get(path, named(path), ...middleware);
  const ofDocs = (middleware: Middleware): Middleware => (deps.hasDocs ? middleware : noDocs);

  get('/ping', (ctx) => giveJson(ctx, '{"status":"ok"}'));
  get('/health', async (ctx) => {
    const found = await health();
    if (found.status !== 'unavailable') return giveJson(ctx, JSON.stringify(found));
    refuse(ctx, { code: 'unavailable', detail: 'The database does not answer.' });
  });
  get('/objects/:token', serveObject(deps));
  get('/files/:token', serveStatementFile(deps));
  get('/openapi.json', same('application/json', JSON.stringify(createOpenApi(routes))));
  get('/docs', forPages, ofDocs(same(page, docsPage)));
  get('/docs/start.js', ofDocs(same(script, startScript)));
  get('/docs/scalar.js', ofDocs(scalar));
  get('/favicon.svg', same('image/svg+xml', favicon));
  get('/states', forPages, same(page, statesPage()));
  get('/problems', forPages, same(page, problemsPage()));
  for (const [code, terms] of Object.entries(refusals))
    get(`/problems/${code}`, forPages, same(page, problemPage(code, terms)));
}

/** Metrics and logs name the template, never the address itself. */
const named =
  (path: string): Middleware =>
  (ctx, next) => {
    ctx.state.route = path;
    return next();
  };

const page = 'text/html; charset=utf-8';
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

function giveJson(ctx: Context, body: string): void {
  ctx.type = 'application/json';
  ctx.body = body;
}

/** Answers everybody with the same bytes. */
function same(type: string, content: string): Middleware {
  const asset = toAsset(type, content);
  return async (ctx) => giveAsset(ctx, await asset);
}

/** Scalar's bundle changes with a release only. An image without the package still has `/openapi.json`. */
const scalar: Middleware = async (ctx) => {
  const bundle = await readBundle();
  if (bundle === null)
    return refuse(ctx, { code: 'not_found', detail: 'The docs page is not part of this installation.' });
  giveAsset(ctx, bundle, scalarAgeSeconds);
};

/** How long a browser uses its copy of the bundle without asking. */
const scalarAgeSeconds = 3_600;

/** Where the docs page is switched off. */
const noDocs: Middleware = (ctx) => refuse(ctx, { code: 'not_found', detail: 'The docs page is switched off here.' });
