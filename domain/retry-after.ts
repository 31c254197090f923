/**
 * How long an answer asks its client to wait, in milliseconds, or null when its Retry-After is absent or in no form of RFC 9110:
 * seconds, or a date. A date is read against the answer's own Date where it has one, because two clocks may differ. Never
 * negative; the caller sets the bound.
 */
export function retryAfterMs(
  { 'retry-after': value = '', date = '' }: { 'retry-after'?: string | undefined; date?: string | undefined },
  now: number,
): number | null {
  const text = value.trim();
  // Nine digits are more than 30 years.
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1_000;
  const until = timeOf(text);
  return until === null ? null : Math.max(until - (timeOf(date.trim()) ?? now), 0);
}

/** The three forms of a date in HTTP: IMF-fixdate, and the two obsolete ones that a recipient must read as well. */
const httpDate =
  /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

function timeOf(text: string): number | null {
  if (!httpDate.test(text)) return null;
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}
