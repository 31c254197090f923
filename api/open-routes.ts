import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Router } from '@koa/router';
import helmet from 'koa-helmet';
import { createHealth } from '../telemetry/health.ts';
import type { Deps } from './deps.ts';
import { docsPage, problemPage, problemsPage, startScript } from './docs/pages.ts';
import { refuse } from './http/middleware/problems.ts';
import type { Middleware, State } from './http/middleware/state.ts';
import { createOpenApi } from './http/openapi.ts';
import { refusals } from './http/refusals.ts';
import { routes } from './routes.ts';

/** What needs no key: whether we are there, and how to talk to us. */
export function addOpenRoutes(router: Router<State>, deps: Deps): void {
  const health = createHealth(deps.parts);
  const openApi = JSON.stringify(createOpenApi(routes));

  const get = (path: string, ...middleware: Middleware[]) => router.get(path, named(path), ...middleware);

  get('/ping', (ctx) => give(ctx, 'application/json', '{"status":"ok"}'));
  get('/health', async (ctx) => {
    const found = await health();
    if (found.status !== 'unavailable') return give(ctx, 'application/json', JSON.stringify(found));
    refuse(ctx, { code: 'unavailable', detail: 'The database does not answer.' });
  });
  get('/openapi.json', (ctx) => give(ctx, 'application/json', openApi));
  get('/docs', forPages, (ctx) => give(ctx, page, docsPage));
  get('/docs/start.js', (ctx) => give(ctx, script, startScript));
  get('/docs/scalar.js', scalar);
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

function give(ctx: Parameters<Middleware>[0], type: string, body: string): void {
  ctx.type = type;
  ctx.body = body;
}

/** Scalar's bundle, read from its package. An image without the package still has `/openapi.json`. */
const scalar: Middleware = async (ctx) => {
  const bundle = await findBundle();
  if (bundle === null)
    return refuse(ctx, { code: 'not_found', detail: 'The docs page is not part of this installation.' });
  ctx.type = script;
  ctx.length = bundle.size;
  ctx.set('Cache-Control', 'public, max-age=3600');
  ctx.body = createReadStream(bundle.path);
};

async function findBundle(): Promise<{ path: string; size: number } | null> {
  try {
    const path = fileURLToPath(new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference')));
    return { path, size: (await stat(path)).size };
  } catch {
    // Not installed: that is what was asked.
    return null;
  }
}
