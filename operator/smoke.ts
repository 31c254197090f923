import { createHash } from 'node:crypto';
import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { check } from '../domain/check.ts';
import type { Uuid } from '../domain/ids.ts';
import { endApiKey } from '../ledger/access/end-api-key.ts';
import { openAccount } from '../ledger/accounts/open.ts';
import { makeKey } from './key.ts';
import { actor, asOwner } from './owner.ts';
import { putSecret } from './secret-store.ts';
import { findTenant, makeTenant } from './tenant.ts';

const tenantName = 'Smoke test';
const keyName = 'smoke test';
/** The references of its two accounts: the test finds them by these. */
export const smokeReferences = ['smoke-a', 'smoke-b'] as const;
/** What the test needs, and no more. */
const scopes = ['accounts:read', 'transfers:read', 'transfers:write', 'events:read'];
/** A cent at a time; a dollar below zero, so that no money has to come from anywhere first. */
const amountMax = 1n;
const overdraftLimit = '100';
/** Enough for a few tests at once. */
const rateLimit = 20;
/** How long the key before works on: a release that runs has read it already. */
const overlapMs = 3_600_000;

type Options = { secret?: string; region?: string; secretsUrl?: string };

/** `operator smoke …` */
export function smokeCommand(): Command {
  const command = new Command('smoke').description('the tenant that exists for the test of a release');
  command
    .command('create')
    .description(
      'make the tenant with its two accounts where they are missing, and a key; keys made before end in an hour. Prints the key, or puts it into a secret',
    )
    .option('--secret <id>', 'name or ARN of a secret of AWS Secrets Manager that gets the key; then it is not printed')
    .option('--region <region>', 'the region of that secret')
    .option('--secrets-url <url>', 'where Secrets Manager answers; default: its address in the region')
    .action(async ({ secret, region, secretsUrl }: Options, self: Command) => {
      if ((secret === undefined) !== (region === undefined)) self.error('--secret and --region go together.');
      const { key, tenantId } = await asOwner(makeSmokeKey);
      if (secret === undefined || region === undefined) process.stdout.write(`${key}\n`);
      else {
        await putSecret({ id: secret, region, url: secretsUrl }, key);
        process.stdout.write(`${secret} has the new key\n`);
      }
      await asOwner((pool) => endEarlierKeys(pool, { tenantId, last4: key.slice(-4) }));
    });
  return command;
}

/** Makes a key that may move one cent between the two accounts of the tenant. Tenant and accounts are made when they are missing. */
export async function makeSmokeKey(pool: pg.Pool): Promise<{ tenantId: Uuid; key: string }> {
  const tenantId = (await findTenant(pool, tenantName)) ?? (await makeTenant(pool, tenantName));
  const accountIds: string[] = [];
  for (const reference of smokeReferences) accountIds.push(await accountOf(pool, tenantId, reference));
  return { tenantId, key: await makeKey(pool, tenantId, { name: keyName, scopes, rateLimit, accountIds, amountMax }) };
}

/** Its account of that reference. Under a key, so another call finds the one that the first made. */
async function accountOf(pool: pg.Pool, tenantId: Uuid, reference: string): Promise<string> {
  const made = await openAccount(pool, {
    id: uuidV7(),
    tenantId,
    name: `Smoke test ${reference}`,
    kind: 'customer',
    currency: 'USD',
    overdraftLimit,
    reference,
    metadata: {},
    actor,
    idempotencyKey: { key: reference, fingerprint: createHash('sha256').update(`account ${reference}`).digest('hex') },
  });
  check(made.result !== 'key_reused', 'the key of a smoke account belongs to it');
  return made.id;
}

/** Lets every other key of the test end in an hour. The last four characters tell the new one: two alike are one in 16 million. */
async function endEarlierKeys(pool: pg.Pool, { tenantId, last4 }: { tenantId: Uuid; last4: string }): Promise<void> {
  const sql = `select id from ledger.api_key where tenant_id = $1 and name = $2 and last4 <> $3 and revoked_at is null
    and (expires_at is null or expires_at > now() + interval '1 hour') limit 500`;
  const { rows } = await pool.query<{ id: Uuid }>(sql, [tenantId, keyName, last4]);
  const at = new Date(Date.now() + overlapMs);
  for (const { id } of rows) await endApiKey(pool, { id, tenantId, at, actor });
}
