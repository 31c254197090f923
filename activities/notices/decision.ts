import type { PostAnswer } from './post.ts';
import { type NoticeTerms, nextInMs } from './terms.ts';

/** The result of a try. `reason` is for the endpoint's owner. */
export type DeliveryDecision =
  | { outcome: 'delivered'; nextInMs: null; reason: null }
  | { outcome: 'failed'; nextInMs: number; reason: string }
  | { outcome: 'given_up'; nextInMs: null; reason: string };

/** Decides what a try comes to. Only 2xx counts as delivered. 410 means that the endpoint is gone permanently. */
export function decide(
  reply: PostAnswer,
  terms: NoticeTerms,
  about: { noticeId: string; tryN: number },
): DeliveryDecision {
  const { status } = reply;
  if (status !== null && status >= 200 && status < 300) return { outcome: 'delivered', nextInMs: null, reason: null };
  if (status === 410) return { outcome: 'given_up', nextInMs: null, reason: 'the endpoint answered 410 Gone' };
  const isRedirect = status !== null && status >= 300 && status < 400;
  const reason = reply.error ?? `answered ${status}${isRedirect ? '; redirects are not followed' : ''}`;
  const wait = nextInMs(terms, about);
  if (wait !== null) return { outcome: 'failed', nextInMs: wait, reason };
  return { outcome: 'given_up', nextInMs: null, reason: `${about.tryN} tries failed, the last one: ${reason}` };
}
