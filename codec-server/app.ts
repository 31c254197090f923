import Koa, { type Context } from 'koa';
import type { Log } from '../config/log.ts';
import { notOurs, refuse } from './answers.ts';
import { allowOrigin, answerPreflight } from './cross-origin.ts';
import type { DecodeRoute } from './decode-route.ts';
import { page, script, style } from './page.ts';
import type { SignInRoutes } from './sign-in-routes.ts';

/** `isHealthy`: whether anybody could sign in now. */
export type AppDeps = {
  uiUrl: string;
  publicUrl: string;
  decode: DecodeRoute;
  signIn: SignInRoutes;
  isHealthy: () => Promise<boolean>;
  countRequest: (route: string, status: number) => void;
  log: Pick<Log, 'error'>;
};

/** The codec server: what Temporal's UI asks, and the page on which a person signs in. */
export function createApp(deps: AppDeps): Koa {
  const { uiUrl, publicUrl, decode, signIn, isHealthy } = deps;
  const uiOrigin = new URL(uiUrl).origin;
  const asset = (type: string, body: string) => (ctx: Context) => {
    ctx.type = type;
    ctx.body = body;
  };
  const routes: Readonly<Record<string, (ctx: Context) => void | Promise<void>>> = {
    'GET /ping': asset('application/json', '{"status":"ok"}'),
    'GET /health': async (ctx) => {
      const ok = await isHealthy();
      ctx.status = ok ? 200 : 503;
      ctx.body = { status: ok ? 'ok' : 'unavailable', api: ok ? 'ok' : 'away' };
    },
    'GET /': asset('text/html', page(uiUrl)),
    'GET /page.css': asset('text/css', style),
    'GET /page.js': asset('text/javascript', script),
    'POST /sign-in': ownPage(publicUrl, signIn.signIn),
    'POST /sign-out': ownPage(publicUrl, signIn.signOut),
    'OPTIONS /decode': (ctx) => answerPreflight(ctx, uiOrigin),
    'POST /decode': async (ctx) => {
      if (allowOrigin(ctx, uiOrigin)) await decode(ctx);
    },
  };
  const app = new Koa();
  // What could not be answered because the client had gone needs no line.
  app.silent = true;
  app.use(async (ctx) => {
    const route = `${ctx.method} ${ctx.path}`;
    const answer = Object.hasOwn(routes, route) ? routes[route] : undefined;
    setHeaders(ctx);
    try {
      if (answer) await answer(ctx);
      else refuse(ctx, notOurs);
    } catch (err) {
      if (ctx.req.destroyed && !ctx.req.complete) return;
      deps.log.error({ err, route }, 'a request failed');
      refuse(ctx, { status: 500, message: 'This failed here, and the log says why. Nothing was decoded.' });
    } finally {
      deps.countRequest(answer ? route : 'other', ctx.status);
    }
  });
  return app;
}

/** Only for our own page: a browser says from which page a request comes. */
const ownPage =
  (publicUrl: string, answer: (ctx: Context) => Promise<void>) =>
  async (ctx: Context): Promise<void> => {
    if (ctx.get('origin') === publicUrl) await answer(ctx);
    else refuse(ctx, { status: 403, message: `Sign in on the page ${publicUrl}/, at exactly this address.` });
  };

function setHeaders(ctx: Context): void {
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
}
