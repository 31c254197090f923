import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { z } from 'zod';

const made = z.object({ id: z.string() });

/** Requests that a benchmark makes of the API before its clock starts. `connections`: how many at one time. */
export function createPoster({ api, key, connections }: { api: string; key: string; connections: number }) {
  const pool = new Pool(api, { connections });
  return {
    /** Sends a body that makes something. Returns its id; throws on any answer but 201. */
    post: async (path: string, body: object): Promise<string> => {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      };
      const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
      const text = await answer.body.text();
      if (answer.statusCode !== 201) throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      return made.parse(JSON.parse(text)).id;
    },
    close: () => pool.close(),
  };
}
