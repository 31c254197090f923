import type { IncomingMessage } from 'node:http';
import { linger } from '../linger.ts';
import type { Middleware } from './state.ts';

/** What is left of a body up to this length is read and discarded, which is cheaper than another connection. */
const discardBytesMax = 4_096;

/**
 * Closes the connection after an answer that did not need the body: a refusal, or a method without one. Otherwise Node would
 * read all of it to find the next request, as long as the client sends.
 */
export const closeAfterUnreadBody: Middleware = async (ctx, next) => {
  await next();
  if (!isUnread(ctx.req)) return;
  ctx.set('Connection', 'close');
  const { socket } = ctx.req;
  // Node calls it when the answer is written. Its own reads nothing more, which may cost the client the answer.
  socket.destroySoon = () => linger(socket);
};

const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  // A chunked body has no length: it may be endless.
  !complete && !(Number(headers['content-length']) <= discardBytesMax);
