import { Agent, request } from 'undici';
import type { RailLimit } from '../../domain/rail.ts';

/** No answer of this rail is larger than a few hundred bytes. */
const responseBytesMax = 64 * 1024;
/** Shorter than the request timeout, so an unreachable bank shows as "never connected", which is proof. */
const connectMaxMs = 3_000;
/** Shorter than banks keep idle connections, so that we close them: a close that crosses a request is an unknown outcome. */
const keepAliveMs = 4_000;

export type Question = { method: 'GET' | 'POST'; url: string; headers?: Record<string, string>; body?: string };

/**
 * How one exchange over HTTP ended. `answered`: the whole body is here. `not_begun`: proven that no byte of the request
 * left, because there was no connection to send it on. `lost`: anything else; the bank may have read all of it.
 */
export type Exchange =
  | { end: 'answered'; status: number; retryAfter: string | null; text: string }
  | { end: 'not_begun'; code: string }
  | { end: 'lost'; code: string };

/** Connections to one bank: kept alive, one per concurrent request, without pipelining. */
export const createAgent = (connections: number): Agent =>
  new Agent({
    connections,
    // With pipelining, one lost connection would leave many transfers unknown.
    pipelining: 1,
    connect: { timeout: connectMaxMs },
    keepAliveTimeout: keepAliveMs,
    maxResponseSize: responseBytesMax,
  });

/** Makes one request, within the time for the whole exchange. Never throws, never retries, follows no redirect. */
export async function exchange(
  agent: Agent,
  { url, ...question }: Question,
  { timeoutMs }: RailLimit,
): Promise<Exchange> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    const { statusCode, headers, body } = await request(url, {
      ...question,
      dispatcher: agent,
      signal: deadline.signal,
    });
    const text = await body.text();
    const retryAfter = headers['retry-after'];
    return {
      end: 'answered',
      status: statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      text,
    };
  } catch (cause) {
    // Every fault of the network arrives here, and a rail turns each into an outcome.
    return classify(cause, deadline.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

function classify(cause: unknown, isTimeUp: boolean): Exchange {
  if (isConnectFault(cause)) return { end: 'not_begun', code: lostCodes[networkCodeOf(cause)] ?? 'not_connected' };
  return { end: 'lost', code: isTimeUp ? 'timeout' : (lostCodes[networkCodeOf(cause)] ?? 'connection_lost') };
}

/** Our names for errors of undici and Node. They are stored with the send, for operators. */
const lostCodes: Record<string, string> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ECONNRESET: 'connection_reset',
  UND_ERR_SOCKET: 'connection_closed',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'answer_too_large',
};

/**
 * Whether the error proves that there never was a connection. The same codes on an open connection prove nothing, so the
 * system call must say it too. A name with several addresses must have failed on each.
 */
function isConnectFault(cause: unknown): boolean {
  const errors = fieldOf(cause, 'errors');
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isConnectFault);
  const code = networkCodeOf(cause);
  const call = fieldOf(cause, 'syscall');
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  if (code === 'ECONNREFUSED') return call === 'connect';
  return (code === 'ENOTFOUND' || code === 'EAI_AGAIN') && call === 'getaddrinfo';
}

function networkCodeOf(cause: unknown): string {
  const code = fieldOf(cause, 'code');
  return typeof code === 'string' ? code : '';
}

/** Read by shape, not by class: another realm (jest) has another Error class. */
const fieldOf = (cause: unknown, name: 'code' | 'errors' | 'syscall'): unknown =>
  typeof cause === 'object' && cause !== null ? Reflect.get(cause, name) : undefined;
