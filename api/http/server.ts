import { randomUUID } from 'node:crypto';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { problemMediaType, toProblem } from './middleware/problems.ts';
import type { State } from './middleware/state.ts';
import type { HttpRefusalCode } from './refusals.ts';

/** Bounds of every connection. Keep-alive is longer than a load balancer's, so that the balancer closes idle connections first. */
const serverBounds = {
  // A client sends its headers in one packet or a few.
  headersMs: 10_000,
  // 64 KiB on a slow connection; a client that is slower loses its place.
  requestMs: 30_000,
  // Longer than the idle timeout of common load balancers (60 s).
  keepAliveMs: 65_000,
  // How often Node checks the two timeouts above.
  checkEveryMs: 2_000,
  // How long a refused connection may stay half open, so that the client can read the answer.
  lingerMs: 2_000,
  // How often a stopping server closes idle connections.
  sweepMs: 50,
  // The default of Node; larger headers are 431.
  headerBytes: 16_384,
  // Several times what a load balancer opens; each costs a few KiB.
  connections: 5_000,
} as const;

/** An HTTP server with bounds. It answers with problem documents, even to bytes that are not a request. */
export function createHttpServer(app: Koa<State>): Server {
  const respond = app.callback();
  const server = createServer(
    {
      headersTimeout: serverBounds.headersMs,
      requestTimeout: serverBounds.requestMs,
      keepAliveTimeout: serverBounds.keepAliveMs,
      connectionsCheckingInterval: serverBounds.checkEveryMs,
      maxHeaderSize: serverBounds.headerBytes,
      // Without a Host header Node would answer itself, without a problem document; our middleware refuses it.
      requireHostHeader: false,
      noDelay: true,
    },
    // Koa always answers, so its promise never rejects.
    (request, response) => void respond(request, response),
  );
  server.maxConnections = serverBounds.connections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerMalformed(error.code, socket));
  // By default Node answers these two itself: an unknown Expect with a bare 417, CONNECT with nothing.
  server.on('checkExpectation', (request) => answerMalformed(undefined, request.socket));
  server.on('connect', (_, socket) => answerMalformed(undefined, socket));
  return server;
}

/** Accepts no new connection, and resolves when every request in flight has its answer. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive is idle only after its last answer.
    const sweep = setInterval(() => server.closeIdleConnections(), serverBounds.sweepMs);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}

/** What Node's error codes mean; every other is a malformed request. */
const codes: Readonly<Record<string, HttpRefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'header_fields_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers bytes that are not an HTTP request: there is no Koa context for them, so the answer is written to the socket. */
function answerMalformed(reason: string | undefined, socket: Duplex): void {
  if (reason === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = codes[reason ?? ''] ?? 'malformed_request';
  const requestId = randomUUID();
  const problem = toProblem({ code }, requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // A client that never closes its half must not keep its place. Not immediately: a reset would discard our answer.
  setTimeout(() => socket.destroy(), serverBounds.lingerMs).unref();
}
