import pg from 'pg';
import type { FunctionStatement, Statement, TypeStatement } from './statements.ts';
import type { Source } from './tree.ts';

/** What Postgres says to a `create or replace` that would change a result or the name of a parameter. */
const cannotReplace = '42P13';

/**
 * Drops every type whose attributes changed, with what stands on it: all of that is in `stale` and made again. Throws a
 * sentence when a function that left the tree still uses the type, since that one could not be made again.
 */
export async function recreateChangedTypes(
  client: pg.Client,
  { sources, stale }: { sources: Source[]; stale: Source[] },
): Promise<void> {
  for (const source of stale) {
    for (const statement of source.statements) {
      if (statement.kind !== 'type' || !(await hasChanged(client, statement))) continue;
      await refuseIfStillUsed(client, sources, statement);
      await dropWithDependents(client, { source, statement, stale });
    }
  }
}

/** Makes the types and functions of a source. A type that is there already is as it should be. */
export async function createObjects(client: pg.Client, source: Source, stale: Source[]): Promise<void> {
  for (const statement of source.statements) {
    if (statement.kind === 'type' && !(await exists(client, statement))) await client.query(statement.sql);
    if (statement.kind === 'function') await createFunction(client, { source, statement, stale });
  }
}

type Place<S extends Statement> = { source: Source; statement: S; stale: Source[] };

async function createFunction(client: pg.Client, place: Place<FunctionStatement>): Promise<void> {
  await client.query('savepoint before_function');
  try {
    await client.query(place.statement.sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== cannotReplace) {
      throw new Error(`${place.source.path}: ledger.${place.statement.name}: ${String(error)}`, { cause: error });
    }
    await client.query('rollback to savepoint before_function');
    await dropWithDependents(client, place);
    await client.query(place.statement.sql);
  }
  await client.query('release savepoint before_function');
}

/** Drops an object and all that needs it, the last first. Not by `cascade`, which would take a table's column too. */
async function dropWithDependents(client: pg.Client, { source, statement, stale }: Place<Statement>): Promise<void> {
  const first = source.statements.indexOf(statement);
  const others = dependents(source, stale).flatMap(({ statements }) => statements);
  for (const { kind, name, sql } of [...source.statements.slice(first), ...others].reverse()) {
    if (kind === 'type') await client.query(`drop type if exists ledger.${name}`);
    // A trigger stands on its function, and neither stands on a type.
    if (kind === 'function' && !/\breturns trigger\b/i.test(sql)) await dropFunctions(client, name);
  }
}

/** The stale sources that need this one, directly or not, in their order. */
function dependents(source: Source, stale: Source[]): Source[] {
  const reached = new Set([source.path]);
  return stale.filter(({ path, needs }) => {
    const isDependent = needs.some((need) => reached.has(need));
    if (isDependent) reached.add(path);
    return isDependent;
  });
}

async function dropFunctions(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ signature: string }>(
    "select oid::regprocedure::text as signature from pg_proc where pronamespace = 'ledger'::regnamespace and proname = $1",
    [name],
  );
  for (const { signature } of rows) await client.query(`drop function ${signature}`);
}

async function exists(client: pg.Client, { name }: TypeStatement): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>('select to_regtype($1) is not null as yes', [`ledger.${name}`]);
  return rows[0]?.yes ?? false;
}

/** Whether the database has the type, and with other attributes than the source. */
async function hasChanged(client: pg.Client, statement: TypeStatement): Promise<boolean> {
  if (!(await exists(client, statement))) return false;
  const { rows } = await client.query<{ name: string; type: string }>(
    `select a.attname as name, a.atttypid::regtype::text as type from pg_attribute a join pg_type t on t.typrelid = a.attrelid
     where t.oid = to_regtype($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`ledger.${statement.name}`],
  );
  const wanted = await client.query<{ name: string; type: string | null }>(
    'select x.name, to_regtype(x.type)::text as type from unnest($1::text[], $2::text[]) with ordinality x(name, type, n) order by x.n',
    [statement.attributes.map(({ name }) => name), statement.attributes.map(({ type }) => type)],
  );
  return JSON.stringify(rows) !== JSON.stringify(wanted.rows);
}

async function refuseIfStillUsed(client: pg.Client, sources: Source[], { name }: TypeStatement): Promise<void> {
  const ours = sources.flatMap(({ statements }) => statements).filter(({ kind }) => kind === 'function');
  const { rows } = await client.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc
     where pronamespace = 'ledger'::regnamespace and not proname = any ($1) and prosrc ~ ('\\m' || $2 || '\\M')`,
    [ours.map((statement) => statement.name), name],
  );
  if (rows.length === 0) return;
  throw new Error(
    `the type ledger.${name} changed, and ${rows.map(({ signature }) => signature).join(', ')}, which left the tree and may still be called by the last release, uses it. Give the new form of the type another name, or run \`npm run migrate -- --contract\` once no program of that release runs.`,
  );
}
