import { createServer, type Server } from 'node:http';
import type Koa from 'koa';

/** Bounds of every connection. Few people ask, from their own machines. */
const serverBounds = {
  // A browser sends its headers in one packet or a few.
  headersMs: 10_000,
  // 8 MiB on a slow connection.
  requestMs: 30_000,
  // Longer than a page is looked at between two clicks.
  keepAliveMs: 65_000,
  // How often Node checks the first two.
  checkEveryMs: 2_000,
  // Several times what 20 browsers open.
  connectionsMax: 256,
  // The default of Node; larger headers are 431.
  headerBytesMax: 16_384,
} as const;

/** An HTTP server with bounds. */
export function createCodecServer(app: Koa): Server {
  const respond = app.callback();
  const server = createServer({
    headersTimeout: serverBounds.headersMs,
    requestTimeout: serverBounds.requestMs,
    keepAliveTimeout: serverBounds.keepAliveMs,
    connectionsCheckingInterval: serverBounds.checkEveryMs,
    maxHeaderSize: serverBounds.headerBytesMax,
    noDelay: true,
  });
  server.maxConnections = serverBounds.connectionsMax;
  // Koa always answers, so its promise never rejects.
  server.on('request', (request, response) => void respond(request, response));
  return server;
}
