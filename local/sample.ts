import { join } from 'node:path';
import { z } from 'zod';
import { toPublic } from '../domain/ids.ts';
import { createPool } from '../drizzle/client.ts';
import { makeSampleAccounts, makeSampleKey, type SampleAccounts } from '../operator/sample.ts';
import { readJson, writeJson } from './json-file.ts';

/** The sample tenant: its public id, a key with every scope of its tenant, and its three accounts. */
export type Sample = { tenant: string; key: string; accounts: SampleAccounts };

type Options = { owner: string; api: string; folder: string };

const requestMs = 15_000;
const kept = z.object({ tenantId: z.string(), key: z.string() });

/** Makes or finds the sample tenant of a copy: its key is stored in the copy's folder. */
export async function makeSample(options: Options): Promise<Sample> {
  const { tenantId, key } = await keptKey(options);
  return { tenant: toPublic('tenant', tenantId), key, accounts: await makeSampleAccounts({ api: options.api, key }) };
}

/** The stored key if the API still accepts it, otherwise a new one. */
async function keptKey({ owner, api, folder }: Options): Promise<z.infer<typeof kept>> {
  const path = join(folder, 'sample.json');
  const read = readJson(path, kept);
  if (read && (await takesKey(api, read.key))) return read;
  const pool = createPool({ url: owner, max: 1, name: 'quittance-sample' });
  try {
    const made = await makeSampleKey(pool);
    writeJson(path, made);
    return made;
  } finally {
    await pool.end();
  }
}

async function takesKey(api: string, key: string): Promise<boolean> {
  const answer = await fetch(`${api}/v1/me`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(requestMs),
  });
  return answer.ok;
}
