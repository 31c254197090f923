import { isIP } from 'node:net';
import { Router } from '@koa/router';
import Koa, { type Context } from 'koa';
import { problem } from './answers.ts';
import type { Bank } from './bank.ts';
import { controlRoutes } from './control.ts';
import { instantRoutes } from './instant.ts';
import { page } from './page.ts';

/**
 * The bank's HTTP face: the rail, its controls, a page for people. `url` is where it can be reached; with a `controlToken`
 * only who sends it may change what this bank does.
 */
export function createApp(bank: Bank, { url, controlToken }: { url: string; controlToken: string | null }): Koa {
  const app = new Koa();
  app.on('error', (cause: Error) => bank.log.error({ cause: cause.message }, 'A request ended in a fault.'));
  app.use(guard);
  const routers = [instantRoutes(bank), controlRoutes(bank, controlToken), peopleRoutes(url)];
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}

async function guard(ctx: Context, next: () => Promise<void>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
  if (isPublicName(ctx.get('Host'))) return answer(ctx, 'foreign_name');
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

/**
 * Whether a Host is a name that its owner may point at this machine, for a page of theirs that then counts as ours: one with a
 * dot that is no address. Names of containers and `localhost` have none.
 */
function isPublicName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name.includes('.') && isIP(name) === 0;
}

function answer(ctx: Context, code: 'not_found' | 'method_not_allowed' | 'cross_site' | 'foreign_name'): void {
  const { status, body } = problem(code);
  ctx.status = status;
  ctx.body = body;
}
