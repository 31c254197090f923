import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { readEnv } from '../config/env.ts';
import type { TransferRequest } from '../domain/transfer.ts';
import { createPool } from '../drizzle/client.ts';
import { migrate } from '../drizzle/migrate.ts';
import { writerSettings } from '../drizzle/session.ts';
import { createTenant } from '../ledger/access/create-tenant.ts';
import { openAccount } from '../ledger/accounts/open.ts';
import { createLedger } from '../ledger/index.ts';

/**
 * What batching is worth: `node bench/ledger.ts` with DATABASE_URL of a superuser. Makes a database of its own, posts book
 * transfers between random accounts with the batch bounded at 1, 10, 50 and 500, the order reversed each round, and
 * drops it. Prints the median rate of each and its ratio to unbatched. No Temporal, no HTTP: the floor of the ledger.
 */
const name = 'quittance_bench';
const url = readEnv().database.url.reveal();
const perRound = 4_000;
const sizes = [1, 10, 50, 500];
const rounds = 3;

await onServer(`drop database if exists ${name} with (force)`, `create database ${name}`);
const own = new URL(url);
own.pathname = `/${name}`;
await migrate({ url: own.href });
const pool = createPool({ url: own.href, max: 8, name: 'bench', settings: writerSettings });
const { tenantId, accounts } = await people(200);

const rates = new Map<number, number[]>(sizes.map((size) => [size, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const size of round % 2 ? sizes.toReversed() : sizes) rates.get(size)?.push(await rateOf(size));
}
const median = (size: number) => rates.get(size)?.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
for (const size of sizes) {
  const ratio = (median(size) / median(1)).toFixed(2);
  process.stdout.write(
    `batch <= ${String(size).padStart(3)}: ${Math.round(median(size))} transfers/s, ${ratio} x unbatched\n`,
  );
}
await pool.end();
await onServer(`drop database ${name} with (force)`);

async function rateOf(batchMax: number): Promise<number> {
  const ledger = createLedger({ pool, onCommit: async () => {}, limits: { batchMax, queueMax: perRound } });
  const groupId = v7();
  const requests = Array.from({ length: perRound }, (_, i) => transferBetween(i));
  const from = performance.now();
  await Promise.all(requests.map((request) => ledger.reserve(groupId, request)));
  return perRound / ((performance.now() - from) / 1_000);
}

function transferBetween(i: number): TransferRequest {
  const sourceAccountId = accounts[(i * 7) % accounts.length] ?? '';
  const destinationAccountId = accounts[(i * 7 + 1 + (i % 50)) % accounts.length] ?? '';
  const terms = {
    amount: '1',
    currency: 'USD',
    rail: 'book',
    sourceAccountId,
    destinationAccountId,
    destinationBank: null,
  } as const;
  const words = { reference: null, description: null, executeAt: null, metadata: {}, traceparent: null };
  return { id: v7(), tenantId, key: randomUUID(), fingerprint: '00'.repeat(32), ...terms, ...words };
}

async function people(count: number): Promise<{ tenantId: string; accounts: string[] }> {
  const owner = v7();
  await createTenant(pool, { id: owner, name: 'Bench', actor: 'bench' });
  const ids = Array.from({ length: count }, () => v7());
  const rest = {
    tenantId: owner,
    name: 'Bench',
    kind: 'customer',
    currency: 'USD',
    overdraftLimit: '1000000000',
    reference: null,
    metadata: {},
    actor: 'bench',
    idempotencyKey: null,
  } as const;
  for (const id of ids) await openAccount(pool, { id, ...rest });
  return { tenantId: owner, accounts: ids };
}

async function onServer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
