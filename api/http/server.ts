import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { connectionsPerAddressMax, limitPerAddress } from './address-limit.ts';
import { linger } from './linger.ts';
import { problemMediaType, spread, toProblem } from './middleware/problems.ts';
import type { State } from './middleware/state.ts';
import type { HttpRefusalCode } from './refusals.ts';

/** Bounds of every connection. Keep-alive is longer than a load balancer's, so that the balancer closes idle connections first. */
const serverBounds = {
  // A client sends its headers in one packet or a few.
  headersMs: 10_000,
  // 64 KiB on a slow connection; a client that is slower loses its place.
  requestMs: 30_000,
  // How long a client may take for an answer once it is ready: the docs page on a slow connection.
  answerMs: 30_000,
  // Longer than the idle timeout of common load balancers (60 s).
  keepAliveMs: 65_000,
  // How often Node checks headersMs and requestMs.
  checkEveryMs: 2_000,
  // How long a stopping server answers on connections that are idle: longer than the pause of a busy client.
  drainMs: 1_000,
  // How often a stopping server closes idle connections after that.
  sweepMs: 50,
  // The default of Node; larger headers are 431.
  headerBytes: 16_384,
  // Several times what a load balancer opens; each costs a few KiB.
  connections: 5_000,
} as const;

type ServerOptions = {
  answerMs?: number;
  perAddressMax?: number;
  /** The networks of declared proxies, whose connections are those of many clients. */
  trustedProxies?: readonly string[];
  /** Called for each connection that is closed at once because there are too many. */
  onRefused?: () => void;
};

/** A server, and its end: no new connection, `Connection: close` with every answer, and then nothing. */
export type HttpServer = { server: Server; close(): Promise<void> };

/** An HTTP server with bounds. It answers with problem documents, even to bytes that are not a request. */
export function createHttpServer(
  app: Koa<State>,
  {
    answerMs = serverBounds.answerMs,
    perAddressMax = connectionsPerAddressMax,
    trustedProxies = [],
    onRefused = () => {},
  }: ServerOptions = {},
): HttpServer {
  const respond = app.callback();
  const unanswered = new Set<ServerResponse>();
  const server = createServer({
    headersTimeout: serverBounds.headersMs,
    requestTimeout: serverBounds.requestMs,
    keepAliveTimeout: serverBounds.keepAliveMs,
    connectionsCheckingInterval: serverBounds.checkEveryMs,
    maxHeaderSize: serverBounds.headerBytes,
    // Without a Host header Node would answer itself, without a problem document; our middleware refuses it.
    requireHostHeader: false,
    noDelay: true,
  });
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (!server.listening) closeAfter(response);
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    // Koa always answers, so its promise never rejects.
    void respond(request, response).then(() => boundTaking(response, answerMs));
  };
  server.maxConnections = serverBounds.connections;
  server.on('drop', onRefused);
  limitPerAddress(server, { max: perAddressMax, proxies: trustedProxies, onRefused });
  server.on('request', answer);
  // A client that waits before it sends its body is told to continue where the body is read, and only there.
  server.on('checkContinue', answer);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerMalformed(error.code, socket));
  // By default Node answers these two itself: an unknown Expect with a bare 417, CONNECT with nothing.
  server.on('checkExpectation', (request) => answerMalformed(undefined, request.socket));
  server.on('connect', (_, socket) => answerMalformed(undefined, socket));
  return { server, close: () => closeServer(server, unanswered) };
}

/** A client that does not take its answer loses its place: it would cost memory and a connection as long as it likes. */
function boundTaking(response: ServerResponse, ms: number): void {
  if (response.writableFinished || response.destroyed) return;
  const timer = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(timer));
}

/** Resolves when every request in flight has its answer, and every connection is closed. */
function closeServer(server: Server, unanswered: ReadonlySet<ServerResponse>): Promise<void> {
  for (const response of unanswered) closeAfter(response);
  return new Promise((resolve) => {
    let sweep: NodeJS.Timeout | undefined;
    // Closing an idle connection crosses a request that its client sends now. So for a moment the next request on each is
    // answered, with `Connection: close`; only a client that is silent has its connection closed.
    const drain = setTimeout(() => {
      sweep = setInterval(() => server.closeIdleConnections(), serverBounds.sweepMs);
    }, serverBounds.drainMs);
    // That of net, because that of http closes what is idle at once.
    NetServer.prototype.close.call(server, () => {
      clearTimeout(drain);
      clearInterval(sweep);
      resolve();
    });
  });
}

/** Ends the connection after this answer, and says so. Without effect when its headers were sent before. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/** What Node's error codes mean; every other is a malformed request. */
const codes: Readonly<Record<string, HttpRefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'header_fields_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers bytes that are not an HTTP request: there is no Koa context for them, so the answer is written to the socket. */
function answerMalformed(reason: string | undefined, socket: Duplex): void {
  // On a connection that was opened ahead of its first request nobody waits for an answer: a 408 would be taken for that of
  // the request that the client sends now.
  const isUnused = socket instanceof Socket && socket.bytesRead === 0;
  if (reason === 'ECONNRESET' || isUnused || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = codes[reason ?? ''] ?? 'malformed_request';
  const requestId = randomUUID();
  const problem = toProblem({ code }, { requestId, waitMs: spread() });
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  linger(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}
