import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ExplainedError } from '../config/explain-error.ts';
import type { Uuid } from '../domain/ids.ts';
import { scopes, tenantScopes } from '../domain/scope.ts';
import { createApiKey } from '../ledger/access/create-api-key.ts';
import { actor, asOwner } from './owner.ts';
import { tenantNamed } from './tenant.ts';

/** 256 bits: it cannot be guessed. */
const secretBytes = 32;

/** `operator key …` */
export function keyCommand(): Command {
  const command = new Command('key').description('API keys');
  command
    .command('create <tenant>')
    .description('make a key of a tenant (its id or its name) and print it; it cannot be shown again')
    .option('--name <name>', 'what the key is for', 'made by an operator')
    .option('--scopes <list>', 'scopes, separated by commas', tenantScopes.join(','))
    .option('--rate-limit <n>', 'requests a second; default: that of the API')
    .action(async (tenant: string, options: { name: string; scopes: string; rateLimit?: string }) => {
      const terms = { name: options.name, scopes: scopesOf(options.scopes), rateLimit: limitOf(options.rateLimit) };
      const key = await asOwner(async (pool) => makeKey(pool, await tenantNamed(pool, tenant), terms));
      process.stdout.write(`${key}\n`);
    });
  return command;
}

type KeyTerms = { name: string; scopes: readonly string[]; rateLimit: number | null };

/** Makes a key and returns its secret, which is not stored and cannot be shown again. */
export async function makeKey(pool: pg.Pool, tenantId: Uuid, terms: KeyTerms): Promise<string> {
  const secret = `qk_${randomBytes(secretBytes).toString('base64url')}`;
  await createApiKey(pool, {
    ...terms,
    id: uuidV7(),
    tenantId,
    secret,
    expiresAt: null,
    actor,
    idempotencyKey: null,
  });
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

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new ExplainedError('--rate-limit must be a whole number from 1 up.');
  return Number(text);
}
