import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Router } from '@koa/router';
import helmet from 'koa-helmet';
import { refusals } from '../domain/refusals.ts';
import type { Deps } from './deps.ts';
import { docsPage, problemPage, problemsPage, startScript } from './docs/pages.ts';
import { refuse } from './middleware/problems.ts';
import type { Middleware, State } from './middleware/state.ts';
import { createOpenApi } from './openapi.ts';
import { createHealth } from './platform/health.ts';
import { routes } from './routes.ts';

/** What needs no key: whether we are there, and how to talk to us. */
export function addOpenRoutes(router: Router<State>, deps: Deps): void {
  const health = createHealth(deps.probes);
  const openApi = JSON.stringify(createOpenApi(routes));

  router.get('/ping', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  router.get('/health', async (ctx) => {
    const found = await health();
    if (found.status === 'unavailable')
      return refuse(ctx, { code: 'unavailable', detail: 'The database does not answer.' });
    ctx.body = found;
  });
  router.get('/openapi.json', (ctx) => {
    ctx.type = 'json';
    ctx.body = openApi;
  });
  router.get('/docs', forPages, (ctx) => give(ctx, 'text/html; charset=utf-8', docsPage));
  router.get('/docs/start.js', (ctx) => give(ctx, script, startScript));
  router.get('/docs/scalar.js', scalar);
  router.get('/problems', forPages, (ctx) => give(ctx, 'text/html; charset=utf-8', problemsPage()));
  router.get('/problems/:code', forPages, (ctx) => {
    const code = Object.keys(refusals).find((known): known is keyof typeof refusals => known === ctx['params']['code']);
    if (code === undefined) return refuse(ctx, { code: 'not_found' });
    give(ctx, 'text/html; charset=utf-8', problemPage(code));
  });
}

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
