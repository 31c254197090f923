import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

/** What a load took. `moved` counts answers 201; `others` what else came back, by status, or `unanswered`. Times in milliseconds. */
export type Figures = { moved: number; perSecond: number; p50: number; p99: number; others: Record<string, number> };

export type Load = { api: string; key: string; connections: number; ms: number; body: () => string };

const answerWithinMs = 30_000;

/** A closed loop: so many connections, each sends its next request when it has the answer to the last. */
export async function drive({ api, key, connections, ms, body }: Load): Promise<Figures> {
  const pool = new Pool(api, {
    connections,
    pipelining: 1,
    headersTimeout: answerWithinMs,
    bodyTimeout: answerWithinMs,
  });
  const took: number[] = [];
  const others: Record<string, number> = {};
  const from = performance.now();
  const one = async () => {
    while (performance.now() - from < ms) {
      const at = performance.now();
      const status = await send(pool, key, body());
      if (status === '201') took.push(performance.now() - at);
      else others[status] = (others[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - from) / 1_000;
  await pool.close();
  const sorted = Float64Array.from(took).sort();
  return { moved: took.length, perSecond: took.length / seconds, p50: at(sorted, 0.5), p99: at(sorted, 0.99), others };
}

async function send(pool: Pool, key: string, body: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  try {
    const answer = await pool.request({ method: 'POST', path: '/v1/transfers', headers, body });
    await answer.body.dump();
    return String(answer.statusCode);
  } catch {
    // A broken connection is a figure of the load, and must not end it.
    return 'unanswered';
  }
}

const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
