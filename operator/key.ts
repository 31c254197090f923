import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import { scopes, tenantScopes } from '../domain/scope.ts';
import { createApiKey } from '../ledger/access/create-api-key.ts';
import { revokeApiKey } from '../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../ledger/access/revoke-api-key-family.ts';
import { newSecret, readSeal } from '../ledger/access/seal.ts';
import { actor, asOwner } from './owner.ts';
import { limitOf } from './rate-limit.ts';
import { tenantNamed } from './tenant.ts';

/** More keys of a tenant are not printed: at most 500 of them work. */
const listMax = 1_000;

/** `operator key …` */
export function keyCommand(): Command {
  const command = new Command('key').description('API keys');
  command
    .command('create <tenant>')
    .description('make a key of a tenant (its id or its name) and print it; it cannot be shown again')
    .option('--name <name>', 'what the key is for', 'made by an operator')
    .option('--scopes <list>', 'scopes, separated by commas', tenantScopes.join(','))
    .option('--rate-limit <n>', 'requests a second; default: that of the API')
    .option('--expires <time>', 'when it ends, such as 2027-01-31T00:00:00Z; default: never')
    .action(async (tenant: string, { name, ...options }: CreateOptions) => {
      const expiresAt = options.expires === undefined ? null : instantOf(options.expires);
      const terms = { name, scopes: scopesOf(options.scopes), rateLimit: limitOf(options.rateLimit), expiresAt };
      const key = await asOwner(async (pool) => makeKey(pool, await tenantNamed(pool, tenant), terms));
      process.stdout.write(`${key}\n`);
    });
  command
    .command('list <tenant>')
    .description(
      'print the keys of a tenant (its id or its name), newest first: id, end of the secret, state, scopes, name',
    )
    .action(async (tenant: string) => {
      const keys = await asOwner(async (pool) => keysOf(pool, await tenantNamed(pool, tenant)));
      process.stdout.write(keys.map((key) => `${toLine(key)}\n`).join(''));
    });
  command
    .command('revoke <key>')
    .description('revoke a key (ak_…) permanently; the API takes it for a second more at most')
    .option('--with-children', 'also every key that it made, that they made, and so on')
    .action(async (id: string, options: { withChildren?: true }) => {
      await asOwner((pool) => revoke(pool, id, options.withChildren ? revokeApiKeyFamily : revokeApiKey));
      process.stdout.write(`${id} is revoked\n`);
    });
  return command;
}

type CreateOptions = { name: string; scopes: string; rateLimit?: string; expires?: string };
type KeyTerms = { name: string; scopes: readonly string[]; rateLimit: number | null; expiresAt?: Date | null };
type KeyRow = { id: Uuid; name: string; last4: string; scopes: string[]; state: string };

async function keysOf(pool: pg.Pool, tenantId: Uuid): Promise<KeyRow[]> {
  const sql = `select id, name, last4, scopes,
      case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'works' end as state
    from ledger.api_key where tenant_id = $1 order by created_at desc, id desc limit $2`;
  return (await pool.query<KeyRow>(sql, [tenantId, listMax])).rows;
}

const toLine = ({ id, last4, state, scopes: granted, name }: KeyRow): string =>
  [toPublic('apiKey', id), `…${last4}`, state.padEnd(7), granted.join(','), name].join('  ');

async function revoke(pool: pg.Pool, publicId: string, verb: typeof revokeApiKey): Promise<void> {
  const id = fromPublic('apiKey', publicId);
  const sql = 'select tenant_id from ledger.api_key where id = $1';
  const tenantId = (await pool.query<{ tenant_id: Uuid }>(sql, [id])).rows[0]?.tenant_id;
  if (id === null || tenantId === undefined)
    throw new ExplainedError(`There is no key "${publicId}": \`operator key list\` prints them.`);
  await verb(pool, { id, tenantId, actor });
}

/** Makes a key and returns its secret, which is not stored and cannot be shown again. */
export async function makeKey(pool: pg.Pool, tenantId: Uuid, terms: KeyTerms): Promise<string> {
  const secret = newSecret(await readSeal(pool));
  const outcome = await createApiKey(pool, {
    ...terms,
    id: uuidV7(),
    tenantId,
    secret,
    expiresAt: terms.expiresAt?.toISOString() ?? null,
    actor,
    idempotencyKey: null,
  });
  if (outcome.result === 'limit')
    throw new ExplainedError('The tenant has 500 keys that work already: revoke one first.');
  return secret;
}

function scopesOf(list: string): string[] {
  const wanted = list.split(',').map((scope) => scope.trim());
  const known: readonly string[] = scopes;
  const unknown = wanted.find((scope) => !known.includes(scope));
  if (unknown !== undefined)
    throw new ExplainedError(`There is no scope "${unknown}": the scopes are ${known.join(', ')}.`);
  return wanted;
}

function instantOf(text: string): Date {
  const instant = new Date(text);
  if (!(instant.getTime() > Date.now()))
    throw new ExplainedError('--expires must be a time in the future, such as 2027-01-31T00:00:00Z.');
  return instant;
}
