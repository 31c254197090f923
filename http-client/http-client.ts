import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { ExchangeFault, faultCode } from './fault.ts';

/** One request. `url` is http or https; a body is sent with its Content-Length. */
export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
};

export type ExchangeLimits = {
  /** For everything: the look-up of the name, the connection, the request and the last byte of the answer. */
  timeoutMs: number;
  /** For the look-up of the name and the connection alone. */
  connectMs: number;
  /** The longest body that is read. */
  bytesMax: number;
  /** Ends the exchange early. */
  signal?: AbortSignal;
};

/** The first part of an answer. */
export type AnswerHead = { status: number; headers: IncomingHttpHeaders };

/**
 * How one exchange ended. `answered`: the whole answer is here. `not_begun`: proven that no byte of the request left, because
 * there was never a connection to send it on. `lost`: anything else; the other side may have read all of it. `head` is the part
 * of its answer that came before the fault. `code` is one word for the fault, `error` the fault itself.
 */
export type Exchange =
  | ({ end: 'answered'; text: string } & AnswerHead)
  | { end: 'not_begun'; code: string; error: unknown }
  | { end: 'lost'; code: string; error: unknown; head: AnswerHead | null };

/** Connections to other people's servers. */
export type HttpClient = {
  /** Makes one request. Never throws for anything the network does, never retries, follows no redirect, knows no proxy. */
  exchange(request: HttpRequest, limits: ExchangeLimits): Promise<Exchange>;
  /** Ends every connection, those in use too. */
  close(): void;
};

/**
 * Makes a client with so many connections to one address, kept alive while idle, one request at a time on each. Every interim
 * answer (1xx) is passed over, asked for or not, as RFC 9110 demands: that is why it stands on `node:http` (docs/adr/0024).
 */
export function createHttpClient({ connections, keepAliveMs, lookup }: HttpClientOptions): HttpClient {
  const options = { keepAlive: true, maxSockets: connections, timeout: keepAliveMs, ...(lookup && { lookup }) };
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  return {
    exchange: (request, limits) => exchange(agents, request, limits),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type HttpClientOptions = {
  connections: number;
  /** How long an idle connection is kept. Shorter than its server keeps it: a close that crosses a request loses the answer. */
  keepAliveMs: number;
  /** Resolves names in place of the system. */
  lookup?: LookupFunction;
};

type Agents = { http: HttpAgent; https: HttpsAgent };

function exchange(agents: Agents, { url, body, ...fields }: HttpRequest, limits: ExchangeLimits): Promise<Exchange> {
  const { timeoutMs, connectMs, bytesMax, signal } = limits;
  return new Promise((resolve) => {
    const options = { ...fields, ...(signal && { signal }) };
    const target = new URL(url);
    const request =
      target.protocol === 'https:'
        ? requestHttps(target, { ...options, agent: agents.https })
        : requestHttp(target, { ...options, agent: agents.http });
    let hasBegun = false;
    let head: AnswerHead | null = null;
    const stop = (code: 'timeout' | 'connect_timeout') => () => request.destroy(new ExchangeFault(code));
    const timers = [setTimeout(stop('timeout'), timeoutMs)];
    const end = (ended: Exchange): void => {
      for (const timer of timers) clearTimeout(timer);
      resolve(ended);
    };
    const fail = (error: unknown): void => {
      const code = faultCode(error);
      end(hasBegun ? { end: 'lost', code, error, head } : { end: 'not_begun', code, error });
    };
    request.on('socket', (socket: Socket) => {
      hasBegun = !socket.connecting;
      if (hasBegun) return;
      const timer = setTimeout(stop('connect_timeout'), connectMs);
      timers.push(timer);
      socket.once('connect', () => {
        clearTimeout(timer);
        hasBegun = true;
      });
    });
    request.on('error', fail);
    // An answer to a question that was not asked, after which the connection speaks no HTTP.
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      fail(new ExchangeFault('answer_not_http'));
    });
    request.once('response', (response) => {
      head = { status: response.statusCode ?? 0, headers: response.headers };
      const { status, headers } = head;
      readText(response, bytesMax).then((text) => end({ end: 'answered', status, headers, text }), fail);
    });
    // Node may end a request without an error. Once there is a head, its body says how it ended.
    request.once('close', () => head === null && fail(new ExchangeFault('connection_closed')));
    request.end(body);
  });
}

/** The body as text. Throws when the connection ends before it, or when it is longer: then the connection is ended. */
async function readText(response: IncomingMessage, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) throw new ExchangeFault('answer_too_large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
