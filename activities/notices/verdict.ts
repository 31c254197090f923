import type { PostAnswer } from './post.ts';
import { type NoticeTerms, nextInMs } from './terms.ts';

/** What a try comes to. `reason` is for the endpoint's owner. */
export type Verdict =
  | { outcome: 'delivered'; nextInMs: null; reason: null }
  | { outcome: 'failed'; nextInMs: number; reason: string }
  | { outcome: 'given_up'; nextInMs: null; reason: string };

/** Judges one try. Only 2xx is taken for delivered. 410 means that nobody will ever listen there again. */
export function judge(said: PostAnswer, terms: NoticeTerms, about: { noticeId: string; tryN: number }): Verdict {
  const { status } = said;
  if (status !== null && status >= 200 && status < 300) return { outcome: 'delivered', nextInMs: null, reason: null };
  if (status === 410) return { outcome: 'given_up', nextInMs: null, reason: 'the endpoint answered 410 Gone' };
  const isRedirect = status !== null && status >= 300 && status < 400;
  const reason = said.error ?? `answered ${status}${isRedirect ? '; redirects are not followed' : ''}`;
  const wait = nextInMs(terms, about);
  if (wait !== null) return { outcome: 'failed', nextInMs: wait, reason };
  return { outcome: 'given_up', nextInMs: null, reason: `${about.tryN} tries failed, the last one: ${reason}` };
}
