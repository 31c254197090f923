import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import { createTenant } from '../ledger/access/create-tenant.ts';
import { actor, asOwner } from './owner.ts';

/** `operator tenant …` */
export function tenantCommand(): Command {
  const command = new Command('tenant').description('tenants: the customers of the platform');
  command
    .command('create <name>')
    .description('make a tenant and print its id')
    .action(async (name: string) => {
      const id = await asOwner((pool) => makeTenant(pool, name));
      process.stdout.write(`${toPublic('tenant', id)}\n`);
    });
  return command;
}

/** Makes a tenant and returns its id. Two tenants may have the same name. */
export async function makeTenant(pool: pg.Pool, name: string): Promise<Uuid> {
  const id = uuidV7();
  await createTenant(pool, { id, name, actor });
  return id;
}

/** The id of the oldest tenant with that name, or null. */
export async function findTenant(pool: pg.Pool, name: string): Promise<Uuid | null> {
  const sql = 'select id from ledger.tenant where name = $1 order by created_at, id limit 1';
  return (await pool.query<{ id: Uuid }>(sql, [name])).rows[0]?.id ?? null;
}

/** The tenant with this id or name. Throws a sentence when there is none. */
export async function tenantNamed(pool: pg.Pool, idOrName: string): Promise<Uuid> {
  const id = fromPublic('tenant', idOrName) ?? (await findTenant(pool, idOrName));
  if (id === null)
    throw new ExplainedError(`There is no tenant "${idOrName}": make it with \`operator tenant create\`.`);
  return id;
}
