import { randomUUID } from 'node:crypto';
import type { Middleware } from './state.ts';

const wellFormed = /^[A-Za-z0-9_-]{8,64}$/;

/** Gives every request an id, the one it sends if that is well-formed, and every answer the header `Request-Id`. */
export const requestId: Middleware = async (ctx, next) => {
  const header = ctx.get('request-id');
  ctx.state.requestId = wellFormed.test(header) ? header : randomUUID();
  ctx.set('Request-Id', ctx.state.requestId);
  await next();
};
