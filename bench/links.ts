import { Pool } from 'undici';
import { z } from 'zod';
import type { RunningCopy } from '../local/state-file.ts';

const page = z.object({ data: z.array(z.object({ id: z.string() })) });

const times = 500;
const warmUps = 50;

/** Asks for links to statements of a month, one after the other. Milliseconds from request to answer. Throws when one is refused. */
export async function timeLinks(
  { api, key }: Pick<RunningCopy, 'api' | 'key'>,
  month: string,
): Promise<{ count: number; p50: number; p99: number }> {
  const pool = new Pool(api, { connections: 1 });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const list = await pool.request({
    method: 'GET',
    path: `/v1/statements?month=${month}&status=ready&limit=100`,
    headers,
  });
  const ids = page.parse(await list.body.json()).data.map(({ id }) => id);
  if (ids.length === 0) throw new Error(`no statement of ${month} is ready`);
  const took: number[] = [];
  for (let n = 0; n < warmUps + times; n += 1) {
    const from = performance.now();
    const path = `/v1/statements/${ids[n % ids.length] ?? ''}/links`;
    const answer = await pool.request({ method: 'POST', path, headers, body: '{"format":"pdf"}' });
    await answer.body.dump();
    if (answer.statusCode !== 201) throw new Error(`${path} answered ${answer.statusCode}`);
    if (n >= warmUps) took.push(performance.now() - from);
  }
  await pool.close();
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
}
