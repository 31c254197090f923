import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How long a client may take to send its headers, and its whole request. */
const headersMs = 5_000;
/** Its requests are small. */
const requestMs = 10_000;
/** Longer than clients keep idle connections, so that the clients close them: a close that crosses a request is an unknown outcome. */
const keepAliveMs = 65_000;
/** More than the workers of one machine open. */
const connectionsMax = 4_096;
/** How long a stop waits for requests in flight; hanging ones are cut off after it. */
const stopMs = 2_000;

/** A server that listens. Requests that arrive before `serve` is called wait for it. */
export type Listening = { url: string; serve(listener: RequestListener): void; stop(): Promise<void> };

/** Listens on the port. Throws one sentence if it cannot. */
export async function listen({ host, port }: { host: string; port: number }): Promise<Listening> {
  const server = createServer({ headersTimeout: headersMs, requestTimeout: requestMs, maxHeaderSize: 16_384 });
  let serve: (listener: RequestListener) => void = () => {};
  const served = new Promise<RequestListener>((resolve) => {
    serve = resolve;
  });
  server.on('request', (request, response) => void served.then((listener) => listener(request, response)));
  server.keepAliveTimeout = keepAliveMs;
  server.maxConnections = connectionsMax;
  server.on('clientError', answerBrokenRequest);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    // The one fault that people meet on every start; they need a sentence, not a stack.
    throw new Error(`The simulator cannot start: ${reasonOf(cause, `${host}:${port}`)}`, { cause });
  }
  const url = urlOf(server, host);
  return { url, serve, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cutOff = setTimeout(() => server.closeAllConnections(), stopMs);
  await closed;
  clearTimeout(cutOff);
}

/** Bytes that are not HTTP never reach the routes; they are answered in JSON all the same. */
function answerBrokenRequest(fault: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || fault.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const line = statusLines[fault.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify({ code: 'invalid_request', detail: 'The bytes are not a request that this bank reads.' });
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const statusLines: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function reasonOf(cause: unknown, place: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'EADDRINUSE') return `${place} is in use. Stop the program there, or set SIMULATOR_PORT.`;
  if (code === 'EACCES') return `${place} may not be used by this user. Set SIMULATOR_PORT above 1023.`;
  return `${place} cannot be listened on (${String(code ?? cause)}).`;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has one.
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
