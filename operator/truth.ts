import { z } from 'zod';
import { createHttpClient, type HttpClient } from '../http-client/http-client.ts';
import type { BankRecord } from '../ledger/verify/truth.ts';

const pageItems = 1_000;
/** A page of 1,000 instructions is below 1 MiB. */
const pageBytesMax = 4 * 1024 * 1024;
/** A page takes milliseconds; a busy machine needs more. */
const answerMs = 15_000;
/** A bank whose pages never end is an error. */
const pagesMax = 100_000;

const page = z.object({
  data: z.array(
    z.object({
      rail_key: z.string(),
      status: z.string(),
      amount: z.string(),
      currency: z.string(),
      destination: z.object({ routing_number: z.string(), account_number: z.string() }),
      rail_reference: z.string().optional(),
      taken_at: z.string().optional(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

/** A record with the time when the bank took it (RFC 3339), where it says it. */
export type TakenRecord = BankRecord & { taken_at?: string | undefined };

/**
 * Reads what a bank took, page by page: `/control/truth` of the simulator. Throws when the bank does not answer, or answers
 * something else: a bank that changes its shape must not look like a bank that took nothing.
 */
export async function* truthPages(url: string): AsyncGenerator<TakenRecord[]> {
  const client = createHttpClient({ connections: 1, keepAliveMs: answerMs });
  try {
    let cursor: string | null = '0';
    for (let n = 0; cursor !== null; n += 1) {
      if (n === pagesMax) throw new Error(`the truth at ${url} has no end`);
      const { data, next_cursor: next }: z.infer<typeof page> = page.parse(await read(client, url, cursor));
      yield data.map(({ destination: { routing_number: bank, account_number }, ...record }) => ({
        ...record,
        bank,
        account_number,
      }));
      cursor = next;
    }
  } finally {
    client.close();
  }
}

async function read(client: HttpClient, url: string, after: string): Promise<unknown> {
  const address = new URL(url);
  address.searchParams.set('limit', String(pageItems));
  address.searchParams.set('after', after);
  const ended = await client.exchange(
    { method: 'GET', url: address.href },
    { timeoutMs: answerMs, connectMs: answerMs, bytesMax: pageBytesMax },
  );
  if (ended.end !== 'answered') throw new Error(`${url} did not answer: ${ended.code}`);
  if (ended.status !== 200) throw new Error(`${url} answered ${ended.status}`);
  return JSON.parse(ended.text);
}
