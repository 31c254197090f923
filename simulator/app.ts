import { Router } from '@koa/router';
import Koa, { type Context } from 'koa';
import { problem } from './answers.ts';
import type { Bank } from './bank.ts';
import { controlRoutes } from './control.ts';
import { instantRoutes } from './instant.ts';
import { page } from './page.ts';

/** The bank's HTTP face: the rail, its controls, a page for people. `url` is where it can be reached. */
export function createApp(bank: Bank, url: string): Koa {
  const app = new Koa();
  app.on('error', (cause: Error) => bank.log.error({ cause: cause.message }, 'A request ended in a fault.'));
  app.use(guard);
  const routers = [instantRoutes(bank), controlRoutes(bank), peopleRoutes(url)];
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}

async function guard(ctx: Context, next: () => Promise<void>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
  // A web page that somebody happens to read must not empty the bank on their machine.
  if (ctx.get('Sec-Fetch-Site') === 'cross-site' && ctx.method !== 'GET') return answer(ctx, 'cross_site');
  await next();
  if (ctx.respond === false || ctx.body) return;
  if (ctx.status === 404) answer(ctx, 'not_found');
  if (ctx.status === 405 || ctx.status === 501) answer(ctx, 'method_not_allowed');
}

function peopleRoutes(url: string): Router {
  const router = new Router();
  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.body = page(url);
  });
  router.get('/ping', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  return router;
}

function answer(ctx: Context, code: 'not_found' | 'method_not_allowed' | 'cross_site'): void {
  const { status, body } = problem(code);
  ctx.status = status;
  ctx.body = body;
}
