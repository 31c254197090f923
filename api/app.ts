import { Router } from '@koa/router';
import Koa from 'koa';
import type { Deps } from './deps.ts';
import type { Answer } from './http/answer.ts';
import { clientAddress } from './http/client-address.ts';
import { deprecationHeaders } from './http/deprecation.ts';
import { methodsOf, methodsOfWritten } from './http/methods.ts';
import { cors } from './http/middleware/cors.ts';
import { securityHeaders, strictHeaders } from './http/middleware/headers.ts';
import { logOutcome } from './http/middleware/log.ts';
import { problems, refuse } from './http/middleware/problems.ts';
import { limitProxied } from './http/middleware/proxied.ts';
import { requestId } from './http/middleware/request-id.ts';
import type { Context, Middleware, State } from './http/middleware/state.ts';
import { closeAfterUnreadBody } from './http/middleware/unread-body.ts';
import type { Route } from './http/operation.ts';
import { createAuthenticate } from './http/request/authenticate.ts';
import { handle } from './http/request/handle.ts';
import { createKeyOwners } from './http/request/key-owners.ts';
import { createSignIn } from './http/request/sign-in.ts';
import { createRetryAfter, type RetryAfter } from './http/retry-after.ts';
import { sendFile } from './http/send-file.ts';
import { addOpenRoutes } from './open-routes.ts';
import { routes } from './routes.ts';

/** The application: what every request passes through, and then the table of routes. */
export function createApp(deps: Deps, table: readonly Route[] = routes): Koa<State> {
  const app = new Koa<State>();
  const router = createRouter(deps, table);
  app.use(requestId);
  app.use(withRetryAfter(createRetryAfter()));
  app.use(clientAddress(deps.trustedProxies));
  app.use(closeAfterUnreadBody);
  app.use(logOutcome(deps.log, deps.metrics));
  for (const middleware of securityHeaders) app.use(middleware);
  app.use(problems(deps));
  app.use(cors(deps.corsOrigins, router));
  app.use(limitProxied(deps.proxiedPlaces, deps.trustedProxies));
  app.use(strictHeaders);
  app.use(refuseOtherMethods(router));
  app.use(router.routes());
  app.use(refuseUnrouted(router));
  // Koa reports here answers that could not be written because the client had gone. That needs no log line.
  app.silent = true;
  return app;
}

const withRetryAfter =
  (retryAfter: RetryAfter): Middleware =>
  async (ctx, next) => {
    ctx.state.retryAfter = retryAfter;
    await next();
  };

function createRouter(deps: Deps, table: readonly Route[]): Router<State> {
  const router = new Router<State>({ strict: true, sensitive: true });
  const authenticate = createAuthenticate(createKeyOwners(deps.ledger.authenticate), deps.ledger.readSeal);
  const signIn = createSignIn(authenticate, deps.accessLog);
  for (const route of table) {
    // `{id}` in OpenAPI is `:id` to the router.
    const path = route.path.replaceAll(/\{([a-z_]+)\}/g, ':$1');
    const ending = deprecationHeaders(route.deprecated);
    router.register(path, [route.method], async (ctx: Context) => {
      ctx.state.route = route.path;
      if (route.operation.changesNothing) ctx.state.changesNothing = true;
      ctx.set(ending);
      await give(ctx, await handle(route, ctx, signIn, deps));
    });
  }
  addOpenRoutes(router, deps);
  return router;
}

async function give(ctx: Context, answer: Answer): Promise<void> {
  if (!answer.ok) {
    refuse(ctx, answer.refusal);
    return;
  }
  if ('file' in answer) return await sendFile(ctx, answer.file);
  ctx.status = answer.status;
  ctx.set(answer.headers ?? {});
  if (answer.body === undefined) return;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(answer.body);
}

/** An address that is written out has its own methods, and none of an address with `{id}` of the same form. */
function refuseOtherMethods(router: Router<State>): Middleware {
  const written = methodsOfWritten(router);
  return async (ctx, next) => {
    const methods = written.get(ctx.path);
    if (methods === undefined || methods.has(ctx.method)) await next();
    else refuse(ctx, { code: 'method_not_allowed', headers: { Allow: methodsOf(router, ctx.path) ?? '' } });
  };
}

/** What no route took: an address with other methods, or an unknown address. */
const refuseUnrouted =
  (router: Router<State>): Middleware =>
  async (ctx) => {
    const methods = methodsOf(router, ctx.path);
    if (methods === null) return refuse(ctx, { code: 'not_found' });
    refuse(ctx, { code: 'method_not_allowed', headers: { Allow: methods } });
  };
