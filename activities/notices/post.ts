import { Webhook } from 'standardwebhooks';
import { retryAfterMs } from '../../domain/retry-after.ts';
import { webhookUrlProblem } from '../../domain/webhook-url.ts';
import type { AnswerHead, Exchange, HttpClient } from '../../http-client/http-client.ts';
import { AddressRefused, type UrlRules } from './url-guard.ts';

/** One request to a customer's endpoint, signed with each of the secrets. */
export type Post = { url: string; secrets: readonly string[]; noticeId: string; body: string };

/**
 * The result: a status, or why there is none, as a text for the endpoint's owner. `retryAfterMs`: how long the receiver asks us to
 * wait.
 */
export type PostAnswer =
  | { status: number; error: null; retryAfterMs: number | null }
  | { status: null; error: string; retryAfterMs: null };

export type PostLimits = { timeoutMs: number; answerBytesMax: number };

/**
 * Sends a notice once and reads the status. Redirects are not followed: their target was not checked. Throws only
 * when `signal` ends it, so that a stopping worker does not blame the receiver.
 */
export async function post(
  { url, secrets, noticeId, body }: Post,
  { client, rules, limits, signal }: { client: HttpClient; rules: UrlRules; limits: PostLimits; signal: AbortSignal },
): Promise<PostAnswer> {
  const problem = webhookUrlProblem(url, rules);
  if (problem !== null) return withoutStatus(`the URL ${problem}`);
  const sentAt = new Date();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Quittance-Notices/1',
    'webhook-id': noticeId,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(noticeId, sentAt, body)).join(' '),
  };
  const { timeoutMs, answerBytesMax } = limits;
  const ended = await client.exchange(
    { method: 'POST', url, headers, body },
    { timeoutMs, connectMs: timeoutMs, bytesMax: answerBytesMax, signal },
  );
  signal.throwIfAborted();
  return toPostAnswer(ended);
}

/** Only the status counts: an answer whose body is too long, or never ends, has one too. */
function toPostAnswer(ended: Exchange): PostAnswer {
  if (ended.end === 'answered') return withStatus(ended);
  return ended.end === 'lost' && ended.head ? withStatus(ended.head) : withoutStatus(describeFault(ended));
}

const withStatus = ({ status, headers }: AnswerHead): PostAnswer => ({
  status,
  error: null,
  retryAfterMs: retryAfterMs(headers, Date.now()),
});

const withoutStatus = (error: string): PostAnswer => ({ status: null, error, retryAfterMs: null });

/** Names no internal address: one word for the fault (connection_refused, CERT_HAS_EXPIRED), without details. */
function describeFault({ code, error }: { code: string; error: unknown }): string {
  if (error instanceof AddressRefused) return error.message;
  if (code === 'timeout' || code === 'connect_timeout') return 'no answer in time';
  const known = code !== 'connection_lost' || !(error instanceof Error) || !('code' in error);
  return known || typeof error.code !== 'string' ? code : error.code;
}
