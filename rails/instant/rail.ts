import type { RailAnswer, RailAttempt, RailClient, RailFinding, RailLimit } from '../../domain/rail.ts';
import { retryAfterMs } from '../../domain/retry-after.ts';
import { createHttpClient, type Exchange } from '../../http-client/http-client.ts';
import { type InstantAnswer, isAbout, readAnswer, toBody } from './codec.ts';
import { type Meaning, meaningOf, type Question } from './codes.ts';

/** No answer of this rail is larger than a few hundred bytes. */
const bytesMax = 64 * 1024;
/** Shorter than the request timeout, so an unreachable bank shows as "never connected", which is proof. */
const connectMs = 3_000;
/** Shorter than banks keep idle connections, so that we close them: a close that crosses a request is an unknown outcome. */
const keepAliveMs = 4_000;
/** The longest wait that we accept from a bank's Retry-After. */
const retryAfterMaxMs = 300_000;

/**
 * The instant rail: JSON over HTTP, one request per transfer, an answer within seconds, final when it is accepted. The
 * bank deduplicates by the rail key. Neither call throws for anything the network does. `url` has no slash at its end.
 */
export function createInstantRail({ url, concurrency }: { url: string; concurrency: number }): RailClient {
  const client = createHttpClient({ connections: concurrency, keepAliveMs });
  const limits = ({ timeoutMs }: RailLimit) => ({ timeoutMs, connectMs, bytesMax });
  return {
    submit: async (attempt, limit) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': attempt.railKey };
      const question = { method: 'POST', url: `${url}/transfers`, headers, body: toBody(attempt) } as const;
      return toAnswer(attempt, await client.exchange(question, limits(limit)));
    },
    inquire: async (attempt, limit) => {
      const question = { method: 'GET', url: `${url}/transfers/${encodeURIComponent(attempt.railKey)}` } as const;
      return toFinding(attempt, await client.exchange(question, limits(limit)));
    },
  };
}

function toAnswer(attempt: RailAttempt, ended: Exchange): RailAnswer {
  if (ended.end === 'not_begun') return { outcome: 'not_taken', code: ended.code };
  const reading = read('submit', attempt, ended);
  if (reading.outcome === 'not_taken') return notTaken(reading, ended);
  return reading.outcome === 'absent' ? unknown(reading.code) : reading;
}

function toFinding(attempt: RailAttempt, ended: Exchange): RailFinding {
  const reading = read('inquire', attempt, ended);
  return reading.outcome === 'not_taken' ? unknown(reading.code) : reading;
}

type Reading = RailFinding | { outcome: 'not_taken'; code: string };

/** From bytes to their meaning for this attempt. What is not certain is `unknown`, with a word for the reason. */
function read(question: Question, attempt: RailAttempt, ended: Exchange): Reading {
  if (ended.end !== 'answered') return unknown(ended.code);
  const answer = readAnswer(ended.text);
  if (typeof answer === 'string') return unknown(ended.status === 200 ? answer : `http_${ended.status}`);
  const meaning = meaningOf(question, { ...answer, http: ended.status });
  if (meaning.outcome === 'unknown') return unknown(answer.code);
  return isAbout(attempt, answer) ? say(meaning, answer) : unknown('answer_mismatch');
}

function say(meaning: Exclude<Meaning, { outcome: 'unknown' }>, answer: InstantAnswer): Reading {
  const { code, rail_reference: railReference = null } = answer;
  if (meaning.outcome === 'rejected') return { ...meaning, code, railReference };
  if (meaning.outcome !== 'accepted') return { outcome: meaning.outcome, code };
  // Without a reference of the bank there is no proof that money moved.
  return railReference === null ? unknown('answer_malformed') : { outcome: 'accepted', code, railReference };
}

/** A 503 is proof only with the Retry-After that the bank documents; without it, it may come from a gateway. */
function notTaken({ code }: { code: string }, ended: Exchange): RailAnswer {
  if (ended.end !== 'answered') return unknown(code);
  const waitMs = retryAfterMs(ended.headers, Date.now());
  if (waitMs !== null) return { outcome: 'not_taken', code, retryAfterMs: Math.min(waitMs, retryAfterMaxMs) };
  return ended.status === 503 ? unknown('http_503') : { outcome: 'not_taken', code };
}

const unknown = (code: string): { outcome: 'unknown'; code: string } => ({ outcome: 'unknown', code });
