import { Command } from 'commander';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import { isPlain, isVisible } from '../domain/text.ts';
import { createTenant } from '../ledger/access/create-tenant.ts';
import { disableTenant } from '../ledger/access/disable-tenant.ts';
import { limitTenant } from '../ledger/access/limit-tenant.ts';
import { actor, asOwner } from './owner.ts';
import { limitOf } from './rate-limit.ts';

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
  command
    .command('list')
    .description('print the tenants, newest first: id, state, requests a second, name')
    .action(async () => {
      const tenants = await asOwner(tenantsOf);
      process.stdout.write(tenants.map((one) => `${toLine(one)}\n`).join(''));
    });
  command
    .command('limit <tenant> [n]')
    .description('set how many requests a second all keys of a tenant may make together; without a number: the default')
    .action(async (tenant: string, limit?: string) => {
      const rateLimit = limitOf(limit);
      const isFound = await asOwner(async (pool) =>
        limitTenant(pool, { id: await tenantNamed(pool, tenant), rateLimit, actor }),
      );
      if (!isFound) throw new ExplainedError(`There is no tenant "${tenant}": \`operator tenant list\` prints them.`);
      process.stdout.write(`${tenant} may make ${rateLimit ?? 'the default of'} requests a second\n`);
    });
  command
    .command('disable <tenant>')
    .description('take no key of a tenant (its id or its name) from within a second on; its open transfers go on')
    .action((tenant: string) => setDisabled(tenant, true));
  command
    .command('enable <tenant>')
    .description('take the keys of a disabled tenant again')
    .action((tenant: string) => setDisabled(tenant, false));
  return command;
}

async function setDisabled(tenant: string, isDisabled: boolean): Promise<void> {
  const isFound = await asOwner(async (pool) =>
    disableTenant(pool, { id: await tenantNamed(pool, tenant), isDisabled, actor }),
  );
  if (!isFound) throw new ExplainedError(`There is no tenant "${tenant}": \`operator tenant list\` prints them.`);
  process.stdout.write(`${tenant} is ${isDisabled ? 'disabled' : 'enabled'}\n`);
}

/** More tenants are not printed. */
const listMax = 1_000;

type TenantRow = { id: Uuid; name: string; rate_limit: number | null; is_disabled: boolean };

async function tenantsOf(pool: pg.Pool): Promise<TenantRow[]> {
  const sql =
    'select id, name, rate_limit, disabled_at is not null as is_disabled from ledger.tenant order by created_at desc, id desc limit $1';
  return (await pool.query<TenantRow>(sql, [listMax])).rows;
}

const toLine = ({ id, rate_limit: limit, name, is_disabled: isDisabled }: TenantRow): string =>
  [toPublic('tenant', id), isDisabled ? 'disabled' : 'works   ', String(limit ?? 'default').padEnd(9), name].join('  ');

/** Makes a tenant and returns its id. Two tenants may have the same name. */
export async function makeTenant(pool: pg.Pool, name: string): Promise<Uuid> {
  if (!isPlain(name) || !isVisible(name))
    throw new ExplainedError('The name must be one line that a reader sees, without control or invisible characters.');
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
