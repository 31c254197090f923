import type { PostAnswer } from './post.ts';
import { type NoticeTerms, nextInMs } from './terms.ts';

/**
 * The result of a try. `reason` is for the endpoint's owner. `given_up`: the endpoint takes no more, so it is disabled; the notice
 * is kept. `askedMs`: how long the receiver asks for no request at all.
 */
export type DeliveryDecision =
  | { outcome: 'delivered'; nextInMs: null; reason: null; askedMs: 0 }
  | { outcome: 'failed'; nextInMs: number; reason: string; askedMs: number }
  | { outcome: 'given_up'; nextInMs: null; reason: string; askedMs: 0 };

/** The answers whose Retry-After is about the receiver (RFC 9110, RFC 6585). */
const busy: readonly number[] = [429, 503];

/** Decides what a try comes to. Only 2xx counts as delivered. 410 means that the endpoint is gone permanently. */
export function decide(
  reply: PostAnswer,
  terms: NoticeTerms,
  about: { noticeId: string; tryN: number },
): DeliveryDecision {
  const { status } = reply;
  if (status !== null && status >= 200 && status < 300)
    return { outcome: 'delivered', nextInMs: null, reason: null, askedMs: 0 };
  if (status === 410) return givenUp('the endpoint answered 410 Gone');
  const isRedirect = status !== null && status >= 300 && status < 400;
  const reason = reply.error ?? `answered ${status}${isRedirect ? '; redirects are not followed' : ''}`;
  const wait = nextInMs(terms, about);
  if (wait === null) return givenUp(`${about.tryN} tries failed, the last one: ${reason}`);
  const longer = Math.min(reply.retryAfterMs ?? 0, terms.retryAfterMaxMs);
  const askedMs = status !== null && busy.includes(status) ? longer : 0;
  return { outcome: 'failed', nextInMs: Math.max(wait, longer), reason, askedMs };
}

const givenUp = (reason: string): DeliveryDecision => ({ outcome: 'given_up', nextInMs: null, reason, askedMs: 0 });
