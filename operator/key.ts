import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import { tenantScopes } from '../domain/scope.ts';
import { type ApiKeyTerms, createApiKey, unrestricted } from '../ledger/access/create-api-key.ts';
import { endApiKey } from '../ledger/access/end-api-key.ts';
import { revokeApiKey } from '../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../ledger/access/revoke-api-key-family.ts';
import { rotateApiKey } from '../ledger/access/rotate-api-key.ts';
import { newSecret, readSeal } from '../ledger/access/seal.ts';
import { instantOf, type KeyOptions, termsOf } from './key-terms.ts';
import { actor, asOwner } from './owner.ts';
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
    .option('--accounts <list>', 'the only accounts (ac_…) that it may take money from, and change')
    .option('--amount-max <n>', 'the largest amount of one request, in minor units')
    .option('--addresses <list>', 'the only networks that it is taken from, such as 192.0.2.0/24')
    .action(async (tenant: string, options: KeyOptions) => {
      const terms = termsOf(options);
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
      await asOwner((pool) => changeKey(pool, id, options.withChildren ? revokeApiKeyFamily : revokeApiKey));
      process.stdout.write(`${id} is revoked\n`);
    });
  command
    .command('expire <key>')
    .description('let a key (ak_…) end, never later than it would have')
    .option('--at <time>', 'when, such as 2027-01-31T00:00:00Z; default: now')
    .action(async (id: string, options: { at?: string }) => {
      const at = options.at === undefined ? null : instantOf(options.at, '--at');
      await asOwner((pool) => changeKey(pool, id, (_, key) => endApiKey(pool, { ...key, at })));
      process.stdout.write(`${id} ends ${at?.toISOString() ?? 'now'}, or before\n`);
    });
  command
    .command('rotate <key>')
    .description('make a key that replaces a key (ak_…), with its terms, and print it; it cannot be shown again')
    .option('--overlap <seconds>', 'how long the old one works on', '3600')
    .action(async (id: string, options: { overlap: string }) => {
      const overlapMs = overlapOf(options.overlap);
      process.stdout.write(`${await asOwner((pool) => rotate(pool, id, overlapMs))}\n`);
    });
  return command;
}

type KeyTerms = Pick<ApiKeyTerms, 'name' | 'scopes' | 'rateLimit'> & Partial<ApiKeyTerms>;
type KeyRow = { id: Uuid; name: string; last4: string; scopes: string[]; state: string };

async function keysOf(pool: pg.Pool, tenantId: Uuid): Promise<KeyRow[]> {
  const sql = `select id, name, last4, scopes,
      case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'works' end as state
    from ledger.api_key where tenant_id = $1 order by created_at desc, id desc limit $2`;
  return (await pool.query<KeyRow>(sql, [tenantId, listMax])).rows;
}

const toLine = ({ id, last4, state, scopes: granted, name }: KeyRow): string =>
  [toPublic('apiKey', id), `…${last4}`, state.padEnd(7), granted.join(','), name].join('  ');

async function changeKey(pool: pg.Pool, publicId: string, verb: typeof revokeApiKey): Promise<void> {
  await verb(pool, { ...(await keyNamed(pool, publicId)), actor });
}

async function rotate(pool: pg.Pool, publicId: string, overlapMs: number): Promise<string> {
  const { id: oldId, tenantId } = await keyNamed(pool, publicId);
  const secret = newSecret(await readSeal(pool));
  const rotation = { oldId, id: uuidV7(), tenantId, secret, expiresAt: null, overlapMs, actor, idempotencyKey: null };
  const { result } = await rotateApiKey(pool, rotation);
  if (result !== 'made') throw new ExplainedError(notRotated[result] ?? `The key was not rotated: ${result}.`);
  return secret;
}

const tooMany = 'The tenant has 500 keys that work already: revoke one first.';
const notRotated: Record<string, string> = {
  ended: 'The key works no more: make another with `operator key create`.',
  replaced: 'Another key replaces it already: `operator key list` prints it. Revoke that one to rotate again.',
  limit: tooMany,
};

async function keyNamed(pool: pg.Pool, publicId: string): Promise<{ id: Uuid; tenantId: Uuid }> {
  const id = fromPublic('apiKey', publicId);
  const sql = 'select tenant_id from ledger.api_key where id = $1';
  const tenantId = (await pool.query<{ tenant_id: Uuid }>(sql, [id])).rows[0]?.tenant_id;
  if (id === null || tenantId === undefined)
    throw new ExplainedError(`There is no key "${publicId}": \`operator key list\` prints them.`);
  return { id, tenantId };
}

/** Makes a key and returns its secret, which is not stored and cannot be shown again. */
export async function makeKey(pool: pg.Pool, tenantId: Uuid, terms: KeyTerms): Promise<string> {
  const secret = newSecret(await readSeal(pool));
  const outcome = await createApiKey(pool, {
    ...unrestricted,
    expiresAt: null,
    ...terms,
    id: uuidV7(),
    tenantId,
    secret,
    actor,
    idempotencyKey: null,
  });
  if (outcome.result === 'limit') throw new ExplainedError(tooMany);
  return secret;
}

/** As the API has it: a week at most. */
const overlapSecondsMax = 604_800;

function overlapOf(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text) || Number(text) > overlapSecondsMax)
    throw new ExplainedError(`--overlap must be seconds, from 0 to ${overlapSecondsMax}.`);
  return Number(text) * 1_000;
}
