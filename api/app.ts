import { Router } from '@koa/router';
import Koa from 'koa';
import type { Deps } from './deps.ts';
import type { Answer } from './http/answer.ts';
import { securityHeaders, strictHeaders } from './http/middleware/headers.ts';
import { logOutcome } from './http/middleware/log.ts';
import { problems, refuse } from './http/middleware/problems.ts';
import { requestId } from './http/middleware/request-id.ts';
import type { Context, Middleware, State } from './http/middleware/state.ts';
import { closeAfterUnreadBody } from './http/middleware/unread-body.ts';
import { createAuthenticate } from './http/request/authenticate.ts';
import { handle } from './http/request/handle.ts';
import { createKeyOwners } from './http/request/key-owners.ts';
import { addOpenRoutes } from './open-routes.ts';
import { routes } from './routes.ts';

/** The application: what every request passes through, and then the table of routes. */
export function createApp(deps: Deps): Koa<State> {
  const app = new Koa<State>();
  const router = createRouter(deps);
  app.use(requestId);
  app.use(closeAfterUnreadBody);
  app.use(logOutcome(deps.log, deps.metrics));
  for (const middleware of securityHeaders) app.use(middleware);
  app.use(problems(deps));
  app.use(strictHeaders);
  app.use(router.routes());
  app.use(refuseUnrouted(router));
  // Koa reports here answers that could not be written because the client had gone. That needs no log line.
  app.silent = true;
  return app;
}

function createRouter(deps: Deps): Router<State> {
  const router = new Router<State>({ strict: true, sensitive: true });
  const authenticate = createAuthenticate(createKeyOwners(deps.ledger.authenticate), deps.ledger.readSeal);
  for (const route of routes) {
    // `{id}` in OpenAPI is `:id` to the router.
    const path = route.path.replaceAll(/\{([a-z]+)\}/g, ':$1');
    router.register(path, [route.method], async (ctx: Context) => {
      ctx.state.route = route.path;
      give(ctx, await handle(route, ctx, authenticate, deps));
    });
  }
  addOpenRoutes(router, deps);
  return router;
}

function give(ctx: Context, answer: Answer): void {
  if (!answer.ok) {
    refuse(ctx, answer.refusal);
    return;
  }
  ctx.status = answer.status;
  ctx.set(answer.headers ?? {});
  if (answer.body === undefined) return;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(answer.body);
}

/** What no route took: an address with other methods, or an unknown address. */
const refuseUnrouted =
  (router: Router<State>): Middleware =>
  async (ctx) => {
    const methods = new Set(router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods));
    if (methods.size === 0) return refuse(ctx, { code: 'not_found' });
    refuse(ctx, { code: 'method_not_allowed', headers: { Allow: [...methods].toSorted().join(', ') } });
  };
