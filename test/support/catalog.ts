import type pg from 'pg';

/** What stands in the schema `ledger`, by kind: a line for each object, with its definition, owner and rights. */
export type Catalog = Record<keyof typeof questions, string[]>;

/** Reads the catalog. Two databases of one tree have the same, however each came to it. */
export async function catalogOf(client: pg.Client | pg.Pool): Promise<Catalog> {
  const read = async (sql: string) =>
    (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line).toSorted();
  const entries: [string, string[]][] = [];
  for (const [kind, sql] of Object.entries(questions)) entries.push([kind, await read(sql)]);
  return Object.assign(emptyCatalog(), Object.fromEntries(entries));
}

const emptyCatalog = (): Catalog => ({
  functions: [],
  types: [],
  triggers: [],
  columns: [],
  constraints: [],
  indexes: [],
  policies: [],
  rights: [],
});

/** An ACL in one order, because the order of grants is no difference. */
const acl = (column: string): string =>
  `coalesce((select string_agg(a::text, ' ' order by a::text) from unnest(${column}) a), 'no rights')`;

const questions = {
  functions: `select concat_ws(E'\\n', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), ${acl('p.proacl')}) as line
    from pg_proc p where p.pronamespace = 'ledger'::regnamespace`,
  types: `select concat_ws(' ', t.typname, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_userbyid(t.typowner)) as line
    from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' join pg_attribute a on a.attrelid = c.oid
    where t.typnamespace = 'ledger'::regnamespace and not a.attisdropped`,
  triggers: `select pg_get_triggerdef(t.oid) as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'ledger'::regnamespace and not t.tgisinternal`,
  columns: `select concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  constraints: `select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
    from pg_constraint where connamespace = 'ledger'::regnamespace`,
  indexes: "select indexdef as line from pg_indexes where schemaname = 'ledger'",
  policies:
    "select concat_ws(' ', tablename, policyname, roles, cmd, qual) as line from pg_policies where schemaname = 'ledger'",
  rights: `select concat_ws(' ', c.relname, pg_get_userbyid(c.relowner), c.relrowsecurity, ${acl('c.relacl')}) as line
    from pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p')`,
};
