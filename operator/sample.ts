import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { toPublic } from '../domain/ids.ts';
import { tenantScopes } from '../domain/scope.ts';
import { readJson, writeJson } from '../local/json-file.ts';
import { StartFault } from '../local/start-fault.ts';
import { asOperator } from './owner.ts';

/** The sample tenant: its public id, a key with every scope of its tenant, and its three accounts. */
export type Sample = { tenant: string; key: string; accounts: { ada: string; grace: string; funding: string } };

const tenantName = 'Sample';
const openingBalance = '100000'; // 1,000.00 USD
const rateLimit = 1_000_000; // Requests a second: more than a machine can send, so none in practice.
const requestWithinMs = 15_000;
const settleWithinMs = 90_000;
const againAfterMs = 500;

const kept = z.object({ tenantId: z.string(), key: z.string() });
const created = z.object({ id: z.string() });

/**
 * Makes the sample tenant, or finds it again: every request has an Idempotency-Key of its own, so the second start gets
 * the first one's answers and Ada's 1,000.00 arrive once.
 */
export async function makeSample(options: { owner: string; api: string; folder: string }): Promise<Sample> {
  const { tenantId, key } = await tenantAndKey(options);
  const post = (path: string, idempotencyKey: string, body: object) =>
    createdBy({ url: `${options.api}${path}`, key, idempotencyKey, body });
  const account = (name: string, kind: string) =>
    post('/v1/accounts', `sample-account-${name.toLowerCase()}`, {
      name,
      currency: 'USD',
      kind,
      reference: `sample-${name.toLowerCase()}`,
    });
  const accounts = {
    ada: await account('Ada', 'customer'),
    grace: await account('Grace', 'customer'),
    funding: await account('Funding', 'funding'),
  };
  await post('/v1/transfers', 'sample-opening-balance', {
    amount: openingBalance,
    currency: 'USD',
    rail: 'book',
    source: { account_id: accounts.funding },
    destination: { account_id: accounts.ada },
    description: 'Opening balance',
  });
  return { tenant: toPublic('tenant', tenantId), key, accounts };
}

/** One line for a shell that sends 12.50 USD from Ada to Grace, with a fresh Idempotency-Key. */
export function exampleCurl({ api, key, accounts }: Pick<Sample, 'key' | 'accounts'> & { api: string }): string {
  const body = {
    amount: '1250',
    currency: 'USD',
    rail: 'book',
    source: { account_id: accounts.ada },
    destination: { account_id: accounts.grace },
  };
  return [
    `curl -sS ${api}/v1/transfers`,
    `-H 'Authorization: Bearer ${key}'`,
    `-H 'Content-Type: application/json'`,
    `-H 'Idempotency-Key: ${randomUUID()}'`,
    `-d '${JSON.stringify(body)}'`,
  ].join(' ');
}

/** The kept key if the API still takes it, else a new one of the tenant with that name, which is made when missing. */
async function tenantAndKey(options: { owner: string; api: string; folder: string }): Promise<z.infer<typeof kept>> {
  const path = join(options.folder, 'sample.json');
  const read = readJson(path, kept);
  if (read && (await takesKey(options.api, read.key))) return read;
  const made = await asOperator(options.owner, async (operator) => {
    const tenantId = (await operator.findTenant(tenantName)) ?? (await operator.makeTenant(tenantName));
    return { tenantId, key: await operator.makeKey({ tenantId, name: 'sample', scopes: tenantScopes, rateLimit }) };
  });
  writeJson(path, made);
  return made;
}

async function takesKey(api: string, key: string): Promise<boolean> {
  const answer = await fetch(`${api}/v1/me`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(requestWithinMs),
  });
  return answer.ok;
}

/** The id of what a POST made. A 503 says that the same request may be sent again, so it is, until the limit. */
async function createdBy(request: { url: string; key: string; idempotencyKey: string; body: object }): Promise<string> {
  const until = performance.now() + settleWithinMs;
  for (;;) {
    const answer = await fetch(request.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${request.key}`,
        'content-type': 'application/json',
        'idempotency-key': request.idempotencyKey,
      },
      body: JSON.stringify(request.body),
      signal: AbortSignal.timeout(requestWithinMs),
    });
    const text = await answer.text();
    if (answer.ok) return created.parse(JSON.parse(text)).id;
    if (answer.status !== 503 || performance.now() > until) {
      throw new StartFault(
        `The sample could not be made: ${new URL(request.url).pathname} answered ${answer.status}: ${text.slice(0, 400)}`,
      );
    }
    await sleep(againAfterMs);
  }
}
