import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';

/** A transfer that was sent; null where the API answered something other than 201. */
export type Sent = string | null;

/** An open loop: so many a second to one bank, from these accounts in turn. */
export type Stream = { bank: object; sources: string[]; perSecond: number };

const connections = 64;
const made = z.object({ id: z.string() });
const seen = z.object({ created_at: z.string(), completed_at: z.string().nullable() });
/** 10,000,000.00: nobody runs out of one-cent transfers. */
const opening = '1000000000';

/** Calls the API as a client does. */
export function createClient({ api, key }: { api: string; key: string }) {
  const pool = new Pool(api, { connections });
  const call = async (path: string, body?: object): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    };
    const options = body ? { method: 'POST' as const, body: JSON.stringify(body) } : { method: 'GET' as const };
    const answer = await pool.request({ path, headers, ...options });
    return await answer.body.json();
  };
  const post = async (path: string, body: object): Promise<string> => made.parse(await call(path, body)).id;

  return {
    /** Accounts with money. */
    openAccounts: async (count: number): Promise<string[]> => {
      const funding = await post('/v1/accounts', { name: 'Bench outside', currency: 'USD', kind: 'funding' });
      const ids: string[] = [];
      while (ids.length < count) {
        const id = await post('/v1/accounts', { name: `Bench ${ids.length}`, currency: 'USD' });
        const [source, destination] = [{ account_id: funding }, { account_id: id }];
        await post('/v1/transfers', { rail: 'book', amount: opening, currency: 'USD', source, destination });
        ids.push(id);
      }
      return ids;
    },
    /** Sends for so long, whatever the answers take. */
    send: async ({ bank, sources, perSecond }: Stream, ms: number): Promise<Sent[]> => {
      const sending: Promise<Sent>[] = [];
      const begun = performance.now();
      for (let n = 0; n < (ms * perSecond) / 1_000; n += 1) {
        await sleep(Math.max(0, begun + (n * 1_000) / perSecond - performance.now()));
        const source = { account_id: sources[n % sources.length] };
        const body = { rail: 'instant', amount: '1', currency: 'USD', source, destination: { bank } };
        // A refused or a lost request is a figure of the load, and must not end it.
        sending.push(post('/v1/transfers', body).catch(() => null));
      }
      return await Promise.all(sending);
    },
    /** How long each took, in milliseconds; null where it is not completed. */
    times: async (all: Sent[]): Promise<(number | null)[]> => {
      const times: (number | null)[] = [];
      for (const id of all) {
        if (id === null) continue;
        const { created_at, completed_at } = seen.parse(await call(`/v1/transfers/${id}`));
        times.push(completed_at === null ? null : Date.parse(completed_at) - Date.parse(created_at));
      }
      return times;
    },
    close: () => pool.close(),
  };
}
