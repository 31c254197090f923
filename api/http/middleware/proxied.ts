import type { AddressPlaces } from '../address-places.ts';
import { isProxy } from '../client-address.ts';
import { refuse } from './problems.ts';
import type { Middleware } from './state.ts';

/**
 * Bounds the requests of one client that are answered at once on connections of declared proxies, so that one client cannot have all of
 * them: its place is free when its answer was taken. Where a client connects by itself its connections are counted. Refusal: `rate_limited`.
 */
export const limitProxied =
  (places: AddressPlaces, proxies: readonly string[]): Middleware =>
  async (ctx, next) => {
    if (!isProxy(ctx.req.socket.remoteAddress, proxies)) {
      await next();
      return;
    }
    const giveBack = places.take(ctx.state.clientAddress ?? undefined);
    if (giveBack === null)
      return refuse(ctx, {
        code: 'rate_limited',
        detail: 'Too many requests from this address are being answered already.',
      });
    // Where it was closed before, nothing would be heard of it again.
    if (ctx.res.closed) giveBack();
    else ctx.res.once('close', giveBack);
    await next();
  };
