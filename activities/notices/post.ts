import { Webhook } from 'standardwebhooks';
import { type Dispatcher, request } from 'undici';
import { webhookUrlProblem } from '../../domain/webhook-url.ts';
import { AddressRefused, type UrlRules } from './url-guard.ts';

/** One signed request to a customer's endpoint. */
export type Post = { url: string; secret: string; noticeId: string; body: string };

/** The result: a status, or why there is none, as a text for the endpoint's owner. */
export type PostAnswer = { status: number; error: null } | { status: null; error: string };

export type PostLimits = { timeoutMs: number; answerBytesMax: number };

/**
 * Sends a notice once and reads the status. Redirects are not followed: their target was not checked. Throws only
 * when `signal` ends it, so that a stopping worker does not blame the receiver.
 */
export async function post(
  { url, secret, noticeId, body }: Post,
  {
    dispatcher,
    rules,
    limits,
    signal,
  }: { dispatcher: Dispatcher; rules: UrlRules; limits: PostLimits; signal: AbortSignal },
): Promise<PostAnswer> {
  const problem = webhookUrlProblem(url, rules);
  if (problem !== null) return { status: null, error: `the URL ${problem}` };
  const sentAt = new Date();
  try {
    const answer = await request(new URL(url).href, {
      method: 'POST',
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Quittance-Notices/1',
        'webhook-id': noticeId,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign(noticeId, sentAt, body),
      },
      body,
    });
    // Only the status counts. The body is read so that the connection can be used again, and dropped when it is long.
    await answer.body.dump({ limit: limits.answerBytesMax, signal }).catch(() => undefined);
    return { status: answer.statusCode, error: null };
  } catch (error) {
    // A receiver may fail in any way: each is a failed try whose reason its owner can read.
    if (signal.aborted) throw error;
    return { status: null, error: describeFault(error) };
  }
}

/** Names no internal address: the error code (ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT), without details. */
function describeFault(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  if (!(error instanceof Error)) return 'the request failed';
  if (error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
