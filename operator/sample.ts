import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type pg from 'pg';
import { z } from 'zod';
import { ExplainedError } from '../config/explain-error.ts';
import type { Uuid } from '../domain/ids.ts';
import { tenantScopes } from '../domain/scope.ts';
import { createHttpClient, type Exchange } from '../http-client/http-client.ts';
import { limitTenant } from '../ledger/access/limit-tenant.ts';
import { makeKey } from './key.ts';
import { actor, asOwner } from './owner.ts';
import { findTenant, makeTenant } from './tenant.ts';

/** The accounts of the sample tenant, by their public ids. */
export type SampleAccounts = { ada: string; grace: string; funding: string };

const tenantName = 'Sample';
const openingBalance = '100000'; // 1,000.00 USD
const rateLimit = 1_000_000; // Requests a second: more than a machine can send, so no limit in practice.
/** Longer than the API's own limit for an answer. */
const requestMs = 15_000;
/** An answer of ours is a few KiB. */
const bytesMax = 64 * 1024;
/** A platform that starts answers 503 for some seconds; longer is an error. */
const settleMs = 90_000;
/** The wait between two tries of the same request. */
const againAfterMs = 500;

/** `operator sample …` */
export function sampleCommand(): Command {
  const command = new Command('sample').description('a tenant to try the API with');
  command
    .command('create <api>')
    .description(
      'make a tenant with a key and three accounts through the API at that address, and print a line that moves money',
    )
    .option('--link <url>', 'where the API answers for the person who reads that line')
    .action(async (api: string, { link = api }: { link?: string }) => {
      const { key } = await asOwner(makeSampleKey);
      const accounts = await makeSampleAccounts({ api, key });
      process.stdout.write(`${exampleCurl({ api: link, key, accounts })}\n`);
    });
  return command;
}

/** Makes a key of the sample tenant, with every scope that a tenant may have. The tenant is made when it is missing. */
export async function makeSampleKey(pool: pg.Pool): Promise<{ tenantId: Uuid; key: string }> {
  const tenantId = (await findTenant(pool, tenantName)) ?? (await makeTenant(pool, tenantName));
  await limitTenant(pool, { id: tenantId, rateLimit, actor });
  return { tenantId, key: await makeKey(pool, tenantId, { name: 'sample', scopes: tenantScopes, rateLimit }) };
}

/**
 * Makes the accounts of the sample tenant, or finds them again: every request has an Idempotency-Key of its own, so another
 * call gets the answers of the first and Ada's 1,000.00 arrive once.
 */
export async function makeSampleAccounts({ api, key }: { api: string; key: string }): Promise<SampleAccounts> {
  const post = (path: string, idempotencyKey: string, body: object) =>
    createdBy({ url: `${api}${path}`, key, idempotencyKey, body });
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
  return accounts;
}

/** One line for a shell that sends 12.50 USD from Ada to Grace, with a fresh Idempotency-Key. */
export function exampleCurl({ api, key, accounts }: { api: string; key: string; accounts: SampleAccounts }): string {
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

const created = z.object({ id: z.string() });

/** The id of the thing that a POST made. A 503 is retried with the same request, until the limit. */
async function createdBy({ url, key, idempotencyKey, body }: Post): Promise<string> {
  const until = performance.now() + settleMs;
  const client = createHttpClient({ connections: 1, keepAliveMs: againAfterMs });
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
  };
  const request = { method: 'POST' as const, url, headers, body: JSON.stringify(body) };
  try {
    for (;;) {
      const ended = await client.exchange(request, { timeoutMs: requestMs, connectMs: requestMs, bytesMax });
      if (ended.end === 'answered' && ended.status < 300) return created.parse(JSON.parse(ended.text)).id;
      const isBusy = ended.end === 'answered' && ended.status === 503;
      if (!isBusy || performance.now() > until)
        throw new ExplainedError(`The sample could not be made: ${new URL(url).pathname} ${describeEnd(ended)}`);
      await sleep(againAfterMs);
    }
  } finally {
    client.close();
  }
}

const describeEnd = (ended: Exchange): string =>
  ended.end === 'answered' ? `answered ${ended.status}: ${ended.text.slice(0, 400)}` : `did not answer: ${ended.code}`;

type Post = { url: string; key: string; idempotencyKey: string; body: object };
