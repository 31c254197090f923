import { Command } from 'commander';
import { unreachableReason } from '../config/explain-error.ts';
import { fromPublic, toPublic } from '../domain/ids.ts';
import { scopes, tenantScopes } from '../domain/scope.ts';
import { ownerForTools } from '../local/secrets.ts';
import { readLocalSettings } from '../local/settings.ts';
import { inWords, StartFault } from '../local/start-fault.ts';
import { asOperator } from './owner.ts';

/** `npm run admin -- …`: what an operator does with the owner's login (DATABASE_URL, else this machine's own Postgres). */
const program = new Command('admin').description('Makes tenants and their keys.');

program
  .command('tenant')
  .description('tenants: the customers of the platform')
  .command('create <name>')
  .description('make a tenant and print its id')
  .action(async (name: string) => {
    const id = await asOperator(owner(), (operator) => operator.makeTenant(name));
    process.stdout.write(`${toPublic('tenant', id)}\n`);
  });

program
  .command('key')
  .description('API keys')
  .command('create <tenant>')
  .description('make a key of a tenant (its id or its name) and print it; it cannot be shown again')
  .option('--name <name>', 'what the key is for', 'made by an operator')
  .option('--scopes <list>', 'scopes with commas between them', tenantScopes.join(','))
  .option('--rate-limit <n>', 'requests a second; without it the default of the API')
  .action(async (tenant: string, options: { name: string; scopes: string; rateLimit?: string }) => {
    const key = await asOperator(owner(), async (operator) => {
      const tenantId = fromPublic('tenant', tenant) ?? (await operator.findTenant(tenant));
      if (!tenantId)
        throw new StartFault(`There is no tenant "${tenant}": make it with \`npm run admin -- tenant create\`.`);
      return operator.makeKey({
        tenantId,
        name: options.name,
        scopes: scopesOf(options.scopes),
        rateLimit: limitOf(options.rateLimit),
      });
    });
    process.stdout.write(`${key}\n`);
  });

const rail = program.command('rail').description('rails: the networks that carry money');
rail
  .command('pause <rail> <why>')
  .description('send nothing on a rail, no probe either, until it is resumed')
  .action(async (name: string, why: string) => {
    await asOperator(owner(), (operator) => operator.pauseRail(name, why));
    process.stdout.write(`${name} is paused\n`);
  });
rail
  .command('resume <rail>')
  .description('send on a paused rail again')
  .action(async (name: string) => {
    await asOperator(owner(), (operator) => operator.pauseRail(name, null));
    process.stdout.write(`${name} is resumed\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${inWords(error) ?? `That did not work: ${unreachableReason(error)}.`}\n`);
  process.exitCode = 1;
}

function owner(): string {
  return ownerForTools(readLocalSettings());
}

function scopesOf(list: string): string[] {
  const wanted = list.split(',').map((scope) => scope.trim());
  const known: readonly string[] = scopes;
  const unknown = wanted.find((scope) => !known.includes(scope));
  if (unknown !== undefined)
    throw new StartFault(`There is no scope "${unknown}": the scopes are ${known.join(', ')}.`);
  return wanted;
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new StartFault('--rate-limit must be a whole number from 1 up.');
  return Number(text);
}
