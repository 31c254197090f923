import { refusals } from '../../api/http/refusals.ts';

/** A problem document for what the edge refuses itself, in the words that the API has for it. */
export function problem(code: 'not_found' | 'rate_limited', more: Readonly<Record<string, number>> = {}): string {
  const { status, title, action, retryable } = refusals[code];
  return JSON.stringify({ type: `/problems/${code}`, title, status, code, detail: title, action, retryable, ...more });
}
