import type pg from 'pg';
import { atomically } from './atomically.ts';
import { signatureOf } from './statements.ts';
import type { Source } from './tree.ts';

/** What a database has in its schema `ledger` and no source has, as SQL names it. */
export type Leftovers = {
  /** `due_once on ledger.transfer` */
  triggers: string[];
  /** `ledger.due(uuid[],uuid[],integer)` */
  functions: string[];
  types: string[];
  /** `execute on function ledger.claim(jsonb) from quittance_api` */
  rights: string[];
};

/** Lists what programs of the last release may still need although the tree has it no more. */
export async function leftovers(client: pg.Client, sources: Source[]): Promise<Leftovers> {
  const statements = sources.flatMap((source) => source.statements.map((statement) => ({ ...statement, source })));
  const triggers = statements.flatMap((one) => (one.kind === 'trigger' ? [`${one.name} on ledger.${one.table}`] : []));
  const types = statements.flatMap((one) => (one.kind === 'type' ? [`ledger.${one.name}`] : []));
  const functions = statements.flatMap((one) =>
    one.kind === 'function' ? [{ name: signatureOf(one), execute: one.source.execute }] : [],
  );
  const known = functions.map(({ name }) => name);
  const granted = functions.flatMap(({ name, execute }) => execute.map((role) => ({ name, role })));
  return {
    triggers: await names(client, unknownTriggers, [triggers]),
    functions: await names(client, unknownFunctions, [known]),
    types: await names(client, unknownTypes, [types]),
    rights: await names(client, unknownRights, [
      known,
      granted.map(({ name }) => name),
      granted.map(({ role }) => role),
    ]),
  };
}

/** Drops what `leftovers` lists, for a database that no program of an earlier release still uses. Returns what went. */
export function contract(client: pg.Client, sources: Source[]): Promise<Leftovers> {
  return atomically(client, async () => {
    const dropped = await leftovers(client, sources);
    for (const right of dropped.rights) await client.query(`revoke ${right}`);
    for (const trigger of dropped.triggers) await client.query(`drop trigger ${trigger}`);
    // In one statement, because they may stand on each other.
    if (dropped.functions.length > 0) await client.query(`drop function ${dropped.functions.join(', ')}`);
    if (dropped.types.length > 0) await client.query(`drop type ${dropped.types.join(', ')}`);
    await client.query('delete from ledger.source where not path = any ($1)', [sources.map(({ path }) => path)]);
    return dropped;
  });
}

async function names(client: pg.Client, sql: string, known: string[][]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql, known);
  return rows.map(({ name }) => name).sort();
}

/** Those of a partition are its table's and are made with it (ledger.make_partitions). */
const unknownTriggers = `
  select name from (
    select format('%I on %s', t.tgname, t.tgrelid::regclass) as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'ledger'::regnamespace and not t.tgisinternal and not c.relispartition) x
  where not x.name = any ($1)`;

const unknownFunctions = `
  select p.oid::regprocedure::text as name from pg_proc p
  where p.pronamespace = 'ledger'::regnamespace
    and not exists (select 1 from unnest($1::text[]) known where to_regprocedure(known) = p.oid)`;

const unknownTypes = `
  select t.oid::regtype::text as name from pg_type t join pg_class c on c.oid = t.typrelid
  where t.typnamespace = 'ledger'::regnamespace and c.relkind = 'c' and not t.oid::regtype::text = any ($1)`;

/** The owner's own right is none that a source gives. */
const unknownRights = `
  select format('execute on function %s from %s', p.oid::regprocedure,
    case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as name
  from unnest($1::text[]) known join pg_proc p on p.oid = to_regprocedure(known) cross join aclexplode(p.proacl) a
  where a.grantee <> p.proowner and not exists (
    select 1 from unnest($2::text[], $3::text[]) g(name, role)
    where to_regprocedure(g.name) = p.oid and a.grantee <> 0 and g.role = pg_get_userbyid(a.grantee))`;
